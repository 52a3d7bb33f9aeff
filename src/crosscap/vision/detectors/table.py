"""``data/detections/``: the detections of every picture in five arrays and an index.

Neither side holds the arrays in memory: the features of Visual Genome's pictures are 20 GB and more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory, read_json
from crosscap.io.growing_array import GrowingArray
from crosscap.vision.detectors.detection import Detections, nothing

_ARRAYS = ("boxes", "labels", "scores", "features", "attribute_scores")


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
    """All pictures; the arrays of their detections are read from the disk as they are used."""

    images: tuple[DetectedImage, ...]
    classes: tuple[str, ...]
    attributes: tuple[str, ...]


def write_detections(
    folder: str | Path,
    found: Iterable[tuple[dict[str, Any], Detections | str]],
    classes: tuple[str, ...],
    attributes: tuple[str, ...],
    feature_size: int,
    imported: Callable[[], dict[str, Any]] | None = None,
) -> None:
    """Write pictures as they come.

    Args:
        found: ``id, split, file_name, width, height`` of each picture with its detections, or with the reason why it
            could not be read: such pictures have no rows and stand in ``quarantine.json``.
        classes, attributes, feature_size: of the detector, see `Detector`.
        imported: of imported features, asked after the last picture for what shall stand in ``imported.json``.
    """
    index: list[dict[str, Any]] = []
    quarantine: list[dict[str, Any]] = []
    with atomic_directory(folder) as temporary, ExitStack() as stack:
        arrays = {
            name: stack.enter_context(GrowingArray(temporary / f"{name}.npy", array.dtype, array.shape[1:]))
            for name, array in vars(nothing(feature_size, len(attributes))).items()
        }
        start = 0
        for image, part in found:
            stop = start
            if isinstance(part, str):
                quarantine.append({"file_name": image["file_name"], "split": image["split"], "reason": part})
            else:
                stop += len(part)
                for name, array in arrays.items():
                    array.append(getattr(part, name))
            index.append({**image, "rows": [start, stop]})
            start = stop
        lists = {"images": index, "classes": list(classes), "attributes": list(attributes)}
        files = {"detections": lists, "quarantine": quarantine, **({"imported": imported()} if imported else {})}
        for name, value in files.items():
            text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            (temporary / f"{name}.json").write_text(text, encoding="utf-8")


def read_detections(folder: str | Path) -> DetectionTable:
    """Read what `write_detections` wrote.

    Raises:
        InputError: an array is missing, of another kind, or not as long and wide as the index says.
    """
    folder = Path(folder)
    index = read_json(folder / "detections.json")
    arrays = {name: _map_array(folder / f"{name}.npy") for name in _ARRAYS}
    total = index["images"][-1]["rows"][1] if index["images"] else 0
    wanted = nothing(arrays["features"].shape[-1], len(index["attributes"]))
    for name, array in arrays.items():
        model = getattr(wanted, name)
        if array.dtype != model.dtype or array.shape[1:] != model.shape[1:]:
            found = f"rows of {array.dtype} {list(array.shape[1:])}"
            raise InputError(folder / f"{name}.npy", found, f"{model.dtype} {list(model.shape[1:])}")
        if len(array) != total:
            raise InputError(folder / f"{name}.npy", f"{len(array)} rows", f"{total} as detections.json says")
    images = []
    for entry in index["images"]:
        start, stop = entry.pop("rows")
        part = Detections(**{name: array[start:stop] for name, array in arrays.items()})
        images.append(DetectedImage(**entry, detections=part, rows=(start, stop)))
    return DetectionTable(tuple(images), tuple(index["classes"]), tuple(index["attributes"]))


def _map_array(path: Path) -> NDArray:
    try:
        # "c": private pages, the file stays as it is. PyTorch warns of arrays that cannot be written, as "r" gives.
        return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))
    except (OSError, ValueError) as error:
        raise InputError(path, str(error), "an array of detections") from None
