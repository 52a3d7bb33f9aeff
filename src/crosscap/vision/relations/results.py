"""Prediction as records for the cache: a picture's detections and bytes in, what a relation model says of it out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save

from crosscap.errors import InputError
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Work
from crosscap.vision.detectors.detection import Detections, Detector
from crosscap.vision.detectors.results import bytes_of
from crosscap.vision.detectors.store import load_detector
from crosscap.vision.images import load_picture
from crosscap.vision.relations.model import RelationModel
from crosscap.vision.relations.prediction import Predictions, detected_regions, predict
from crosscap.vision.relations.store import load_relations

SHARD_SIZE = 64  # pictures, as in detection


@dataclass(frozen=True)
class SeenPicture:
    """A picture file of ``width`` x ``height`` pixels and what was found in it."""

    path: Path
    found: Detections
    width: int
    height: int


def predicting(
    detector: str | Path, relations: str | Path, reads_unions: bool, identity: Identity
) -> Work[SeenPicture]:
    """Prediction with the models in the folders ``detector`` and ``relations``.

    Args:
        reads_unions: `Architecture.reads_unions` of the relation model; else pictures are not opened.
    """
    start = partial(picture_predictor, detector, relations)
    return Work("build_image_graphs", start, partial(_digest, reads_unions), identity, SHARD_SIZE)


def picture_predictor(detector: str | Path, relations: str | Path) -> Callable[[list[SeenPicture]], list[bytes]]:
    """Load the models; the function that it makes looks at one picture at a time: others cannot change a bit."""
    model = load_relations(relations)
    if model is None:
        raise InputError(relations, "no relation model", "a trained one")
    eyes = load_detector(detector) if model.architecture.reads_unions else None
    return lambda pictures: [_predict(model, eyes, picture) for picture in pictures]


def predictions_of(value: bytes) -> Predictions:
    """What `picture_predictor` made."""
    return Predictions(**load(value))


def _predict(model: RelationModel, detector: Detector | None, picture: SeenPicture) -> bytes:
    def pool(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        assert detector is not None
        pixels = load_picture(picture.path)
        # Very large pictures come reduced; detections are written in pixels of the file.
        scale = np.array([pixels.shape[1] / picture.width, pixels.shape[0] / picture.height] * 2, np.float32)
        return detector.look([pixels]).box_features([boxes * scale])[0]

    regions = detected_regions(model, picture.found, picture.width, picture.height, pool)
    (said,) = predict(model, [regions])
    return save({name: np.ascontiguousarray(array) for name, array in vars(said).items()})


def _digest(reads_unions: bool, picture: SeenPicture) -> bytes:
    whole = hashlib.sha256(f"{picture.width} {picture.height} {len(picture.found)} ".encode())
    for array in vars(picture.found).values():
        whole.update(array.tobytes())
    if reads_unions:
        whole.update(bytes_of(picture.path))
    return whole.digest()
