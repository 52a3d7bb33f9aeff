"""Which pictures there are, and how large they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from crosscap.errors import InputError
from crosscap.vision.images import picture_size
from crosscap.vision.picture_formats import SUFFIXES


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


class KnownPictures:
    """Pictures that were looked at before, by name."""

    def __init__(self, pictures: Mapping[str, PictureFile]) -> None:
        self._pictures = pictures

    def find(self, name: str) -> PictureFile | None:
        return self._pictures.get(name)


class PictureFolder:
    """The pictures of one folder, each opened when it is asked for."""

    def __init__(self, folder: str | Path) -> None:
        """Raises `InputError` for a folder that does not exist."""
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(folder, "no such folder", "a folder of pictures")
        self._paths = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES}

    def find(self, name: str) -> PictureFile | None:
        path = self._paths.get(name)
        return PictureFile(path.name, *picture_size(path)) if path else None
