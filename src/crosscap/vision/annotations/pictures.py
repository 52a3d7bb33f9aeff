"""The pictures of a folder, opened when asked for: which ones there are, and how large they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image, UnidentifiedImageError

from crosscap.errors import InputError

_TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
_ORIENTATION = 274


@dataclass(frozen=True)
class PictureFile:
    """A picture that can be read. ``width``, ``height``: pixels, upright as `load_picture` gives it."""

    file_name: str
    width: int
    height: int


class Pictures(Protocol):
    """What readers of annotations ask about pictures."""

    def find(self, name: str) -> PictureFile | None:
        """The picture whose file name without its suffix is ``name``, None if there is none.

        Raises:
            InputError: it cannot be read.
        """
        ...


class PictureFolder:
    """The pictures of one folder as they lie there."""

    def __init__(self, folder: str | Path) -> None:
        """Raises `InputError` for a folder that does not exist."""
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(folder, "no such folder", "a folder of pictures")
        self._paths = {path.stem: path for path in sorted(folder.iterdir()) if path.is_file()}

    def find(self, name: str) -> PictureFile | None:
        path = self._paths.get(name)
        if path is None:
            return None
        try:
            with Image.open(path) as image:
                width, height = image.size
                if image.getexif().get(_ORIENTATION) in _TURNED:
                    width, height = height, width
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
            raise InputError(path, str(error).replace(str(path), path.name), "a picture") from None
        return PictureFile(path.name, width, height)
