"""The pictures of an annotated split, decoded when asked for."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crosscap.errors import InputError
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations
from crosscap.vision.images import OpenedPicture, Picture, open_picture

logger = logging.getLogger(__name__)

MAX_UNREADABLE = 0.1
"""Share of a split's pictures that training goes on without. Where more cannot be read, it is not the pictures but the
folder or the annotations that are wrong."""

_NAMED = 10  # unreadable pictures, one line each


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
        picture = open_picture(self.folder / image.file_name)
        pixels = picture.pixels
        if pixels.shape[:2] != (image.height, image.width):
            raise _of_another_size(self.folder / image.file_name, picture, image)
        self.keep(row, pixels)
        return pixels

    def keep(self, row: int, pixels: Picture) -> None:
        """Remember a decoded picture, if there is room."""
        if pixels.nbytes <= self.free:
            self._kept[row] = pixels
            self.free -= pixels.nbytes


def readable_pictures(folder: str | Path, annotations: Annotations) -> tuple[Annotations, PictureSource]:
    """Decode every picture once and leave out, with a warning, those that cannot be read or are not of the annotated
    size: training that starts will not stumble in its last epoch, and its batches depend on the files alone.

    The annotations of pictures that are so large that they come reduced are reduced with them.

    Raises:
        InputError: more than `MAX_UNREADABLE` of the pictures are to be left out.
    """
    folder = Path(folder)
    source = PictureSource(folder, [])
    images: list[AnnotatedImage] = []
    errors: list[InputError] = []
    for image in progress(annotations.images, "check pictures"):
        try:
            picture = open_picture(folder / image.file_name)
            if (picture.width, picture.height) != (image.width, image.height):
                raise _of_another_size(folder / image.file_name, picture, image)
        except InputError as error:
            errors.append(error)
            continue
        height, width = picture.pixels.shape[:2]
        source.keep(len(images), picture.pixels)
        if (width, height) != (image.width, image.height):
            image = replace(image, width=width, height=height, boxes=picture.to_pixels(image.boxes))
        images.append(image)
    for unreadable in errors[:_NAMED]:
        logger.warning("left out: %s", unreadable)
    if errors:
        logger.warning("%d of %d pictures left out", len(errors), len(annotations.images))
    if len(errors) > MAX_UNREADABLE * len(annotations.images):
        found = f"{len(errors)} of {len(annotations.images)} pictures that cannot be used, the first: {errors[0]}"
        raise InputError(folder, found, f"at most {MAX_UNREADABLE:.0%} of them")
    source.images = images
    return replace(annotations, images=tuple(images)), source


def _of_another_size(path: Path, picture: OpenedPicture, image: AnnotatedImage) -> InputError:
    found = f"{picture.width} x {picture.height} pixels"
    turned = (picture.height, picture.width) == (image.width, image.height)
    remedy = "The annotations are of the picture as it lies, not upright." if turned else "Mend the annotations."
    return InputError(path, found, f"{image.width} x {image.height} as annotated", remedy)
