"""Detection as records for the cache: a picture's bytes in, what was found in it out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from crosscap.errors import InputError
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Work
from crosscap.vision.detectors.detection import Detections, Detector
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.store import load_detector
from crosscap.vision.images import open_picture

SHARD_SIZE = 64  # pictures: with ResNet-50, a minute or two on a CPU and 8 MB of features
REASON = "reason"


def detecting(model: str | Path, limits: DetectionLimits, identity: Identity) -> Work[Path]:
    """Detection in every picture file with the detector in the folder ``model``."""
    return Work("detect_objects", partial(picture_detector, model, limits), bytes_of, identity, SHARD_SIZE)


def picture_detector(model: str | Path, limits: DetectionLimits) -> Callable[[list[Path]], list[bytes]]:
    """Load a detector; the function that it makes looks at one picture at a time: others cannot change a bit."""
    detector = load_detector(model, limits)
    return lambda paths: [_detect(detector, path) for path in paths]


def bytes_of(path: Path) -> bytes:
    """A digest of the file, whatever its name; of the name where there is no file to read."""
    try:
        if path.is_file():  # a pipe would be waited for
            with open(path, "rb") as stream:
                return hashlib.file_digest(stream, "sha256").digest()
    except OSError:
        pass
    return b"no file: " + os.fsencode(path)


def _detect(detector: Detector, path: Path) -> bytes:
    try:
        picture = open_picture(path)
    except InputError as error:
        return save({REASON: np.frombuffer(error.found.encode(), np.uint8)})
    (found,) = detector.detect([picture.pixels])
    arrays: dict[str, NDArray] = {name: np.ascontiguousarray(value) for name, value in vars(found).items()}
    arrays["boxes"] = picture.to_original(arrays["boxes"])
    return save({**arrays, "size": np.array([picture.height, picture.width], np.int64)})


def detections_of(value: bytes) -> tuple[Detections, int, int] | str:
    """What was found, and the height and width of the upright picture; or why the picture could not be read."""
    arrays = load(value)
    if REASON in arrays:
        return arrays[REASON].tobytes().decode()
    height, width = arrays.pop("size").tolist()
    return Detections(**arrays), height, width
