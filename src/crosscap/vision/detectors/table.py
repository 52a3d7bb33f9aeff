"""``data/detections/``: the detections of every picture in four arrays and an index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory, read_json
from crosscap.vision.detectors.detection import Detections, nothing

_ARRAYS = ("boxes", "labels", "scores", "features")


@dataclass(frozen=True)
class DetectedImage:
    """A picture and what was found in it; ``rows`` is its range in the arrays."""

    id: int
    split: str
    file_name: str
    width: int
    height: int
    detections: Detections
    rows: tuple[int, int]


@dataclass(frozen=True)
class DetectionTable:
    images: tuple[DetectedImage, ...]
    classes: tuple[str, ...]


def write_detections(
    folder: str | Path,
    images: Sequence[dict[str, Any]],
    detections: Sequence[Detections],
    classes: Sequence[str],
    feature_size: int,
    quarantine: Sequence[dict[str, Any]],
) -> None:
    """Write one split after the other.

    Args:
        images: ``id, split, file_name, width, height`` of each picture.
        detections: of the same pictures.
        quarantine: ``file_name, split, reason`` of pictures that could not be read.
    """
    parts = [nothing(feature_size), *detections]
    stops = np.cumsum([len(part) for part in detections], dtype=int).tolist()
    index = [{**image, "rows": [start, stop]} for image, start, stop in zip(images, [0, *stops], stops, strict=False)]
    with atomic_directory(folder) as temporary:
        for name in _ARRAYS:
            np.save(temporary / f"{name}.npy", np.concatenate([getattr(part, name) for part in parts]))
        for name, value in (
            ("detections", {"images": index, "classes": list(classes)}),
            ("quarantine", list(quarantine)),
        ):
            text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            (temporary / f"{name}.json").write_text(text, encoding="utf-8")


def read_detections(folder: str | Path) -> DetectionTable:
    """Read what `write_detections` wrote.

    Raises:
        InputError: an array is missing or shorter than the index says.
    """
    folder = Path(folder)
    index = read_json(folder / "detections.json")
    arrays = {}
    for name in _ARRAYS:
        try:
            arrays[name] = np.load(folder / f"{name}.npy", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise InputError(folder / f"{name}.npy", str(error), "an array of detections") from None
    total = index["images"][-1]["rows"][1] if index["images"] else 0
    for name, array in arrays.items():
        if len(array) != total:
            raise InputError(folder / f"{name}.npy", f"{len(array)} rows", f"{total} as detections.json says")
    images = []
    for entry in index["images"]:
        start, stop = entry.pop("rows")
        part = Detections(**{name: array[start:stop] for name, array in arrays.items()})
        images.append(DetectedImage(**entry, detections=part, rows=(start, stop)))
    return DetectionTable(tuple(images), tuple(index["classes"]))
