"""The pictures of an annotated split, decoded when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscap.errors import InputError
from crosscap.vision.annotations.annotated_images import AnnotatedImage
from crosscap.vision.images import Picture, load_picture


class PictureSource:
    """Pictures of a split by row, decoded once and kept while they fit into ``memory`` bytes."""

    def __init__(self, folder: str | Path, images: Sequence[AnnotatedImage], memory: int = 2_000_000_000) -> None:
        self.folder, self.images, self.free = Path(folder), images, memory
        self._kept: dict[int, Picture] = {}

    def __getitem__(self, row: int) -> Picture:
        """Raises `InputError` when the picture cannot be read or its size is not the annotated one."""
        if row in self._kept:
            return self._kept[row]
        image = self.images[row]
        path = self.folder / image.file_name
        picture = load_picture(path)
        if picture.shape[:2] != (image.height, image.width):
            found = f"{picture.shape[1]} x {picture.shape[0]} pixels"
            raise InputError(path, found, f"{image.width} x {image.height} as annotated", "Mend the annotations.")
        if picture.nbytes <= self.free:
            self._kept[row] = picture
            self.free -= picture.nbytes
        return picture
