"""The pictures of the browser: some inside the page, the others where they lie beside it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from crosscap.errors import InputError
from crosscap.graph.drawing.picture import PlacedBoxes, jpeg, place_boxes
from crosscap.report.browser.evaluated import EvaluatedImage
from crosscap.vision.images import open_picture, picture_size


class ShownPicture(NamedTuple):
    """A picture as the page shows it.

    Attributes:
        source: a JPEG in base64 (``inside``), or an address relative to the page; "" without a picture.
        inside: the JPEG is inside the page.
        placed: where its boxes are drawn; None without a picture.
        problem: why there is none.
    """

    source: str = ""
    inside: bool = False
    placed: PlacedBoxes | None = None
    problem: str = ""


def shown_pictures(
    images: Sequence[EvaluatedImage], root: Path, inside: Collection[int], width: int, quality: int
) -> list[ShownPicture]:
    """A picture for each image.

    Args:
        root: the project's folder; the page lies in its folder ``reports``.
        inside: rows of the images whose pictures become part of the page.
        width, quality: of these, pixels of the longer side and JPEG quality.
    """
    return [_shown(image, root, row in inside, width, quality) for row, image in enumerate(images)]


def _shown(image: EvaluatedImage, root: Path, inside: bool, width: int, quality: int) -> ShownPicture:
    path = root / image.file
    if not path.exists():
        return ShownPicture()
    try:
        if not inside:
            placed = place_boxes(image.graph, picture_size(path), width)
            return ShownPicture(f"../{quote(image.file.as_posix())}", False, placed)
        picture = open_picture(path)
    except InputError as error:
        return ShownPicture(problem=error.found)
    placed = place_boxes(image.graph, (picture.width, picture.height), width)
    return ShownPicture(jpeg(picture.pixels, placed.picture, quality), True, placed)
