"""Which picture a name or number in a file of features means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from crosscap.errors import InputError
from crosscap.text.captions import image_number
from crosscap.vision.imported_features.source import FeatureSource

_LONGEST_KEY = 255


@dataclass(frozen=True)
class WantedPicture:
    """A picture that features are looked for; ``size`` is width and height in pixels, None where nobody knows."""

    id: int
    split: str
    file_name: str
    size: tuple[int, int] | None

    def entry(self, width: int, height: int) -> dict[str, Any]:
        """As `crosscap.vision.detectors.table.write_detections` takes it."""
        named = {"id": self.id, "split": self.split, "file_name": self.file_name}
        return {**named, "width": width, "height": height}


def wanted_pictures(images: Sequence[dict[str, Any]], source: FeatureSource) -> list[WantedPicture]:
    """The annotated pictures (``id, split, file_name, width, height``), then the source's own images."""
    pictures = [
        WantedPicture(image["id"], image["split"], image["file_name"], (image["width"], image["height"]))
        for image in images
    ]
    known = {(picture.split, picture.id) for picture in pictures}
    for split, listed in source.images.items():
        for image in listed:
            if (split, image["id"]) not in known:
                pictures.append(WantedPicture(int(image["id"]), split, str(image["file_name"]), None))
    return pictures


class PictureNames:
    """Pictures by all the names that files have for them.

    A file's name for a picture is used to look it up here and for nothing else: never as a path.
    """

    def __init__(self, pictures: Sequence[WantedPicture]) -> None:
        self._pictures: dict[str, list[WantedPicture]] = {}
        for picture in pictures:
            for name in dict.fromkeys((_stem(picture.file_name), str(picture.id))):
                self._pictures.setdefault(name, []).append(picture)

    def find(self, key: str, place: str) -> WantedPicture | None:
        """The picture of file name ``key`` (with or without folders and ``.jpg``), or of that id: ``391895``,
        ``000000391895`` and ``COCO_val2014_000000391895`` are one.

        Raises:
            InputError: two pictures have that name.
        """
        if not 0 < len(key) <= _LONGEST_KEY:
            return None
        stem = _stem(key)
        for name in (stem, str(image_number(stem))):
            if found := self._pictures.get(name):
                if len(found) > 1:
                    names = " and ".join(f"{picture.split}/{picture.file_name}" for picture in found[:2])
                    raise InputError(place, f"the image {key!r}, which is {names}", "one picture", "Rename one.")
                return found[0]
        return None


def _stem(name: str) -> str:
    path = PurePosixPath(name)
    return path.stem if path.suffix.lower() in (".jpg", ".jpeg", ".png") else path.name
