"""Examples of the world of shapes, as a detector sees it that knows colours alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crosscap.config.relations import RelationsTraining
from crosscap.vision.annotations.annotated_images import Annotations, read_annotations
from crosscap.vision.detectors.detection import Detections, Detector, Sight
from crosscap.vision.images import Picture
from crosscap.vision.picture_source import PictureSource
from crosscap.vision.relations.examples import Examples
from crosscap.vision.relations.model import Architecture, RelationNames

NAMES = RelationNames(("ball", "box", "ground"), ("red", "blue"), ("next to", "on"))
BACKENDS = ("motifs", "mlp", "frequency")


def training(**changes: Any) -> RelationsTraining:
    values: dict[str, Any] = {
        "seed": 1,
        "threads": 1,
        "epochs": 4,
        "batch_images": 4,
        "pairs_per_image": 256,
        "related_share": 0.25,
        "memory_mb": 10,
        "learning_rate": 0.01,
        "weight_decay": 0.01,
        "score_threshold": 0.3,
        "match_iou": 0.5,
        "prior_smoothing": 1.0,
        "checkpoint_epochs": 1,
    }
    return RelationsTraining(**{**values, **changes})


def shape(backend: str = "motifs", **changes: Any) -> Architecture:
    values: dict[str, Any] = {
        "feature_size": 3,
        "hidden_size": 16,
        "class_size": 4,
        "layers": 1,
        "dropout": 0.1,
        "order": "left_right",
        "union_features": True,
        "relabel_detections": True,
        "overlapping_pairs": False,
        "max_attributes": 10,
    }
    return Architecture(backend, **{**values, **changes})


class MeanColours(Detector):
    """Features are mean colours; it sees the ground a pixel off, and a ball that is none."""

    classes = NAMES.classes
    attributes = ()
    feature_size = 3

    def __init__(self) -> None:
        self.looks = 0

    def look(self, pictures: Sequence[Picture]) -> Sight:
        self.looks += 1

        def pool(boxes: Sequence[np.ndarray]) -> list[np.ndarray]:
            return [
                np.array([_mean(picture, box) for box in some], np.float32).reshape(-1, 3)
                for picture, some in zip(pictures, boxes, strict=True)
            ]

        boxes = np.array([[1, 30, 64, 48], [0, 0, 5, 5]], np.float32)
        scores, labels = np.array([0.9, 0.4], np.float32), np.array([2, 0])
        empty = np.zeros((2, 0), np.float32)
        return Sight(
            lambda: [Detections(boxes, labels, scores, some, empty) for some in pool([boxes] * len(pictures))], pool
        )


def _mean(picture: Picture, box: np.ndarray) -> np.ndarray:
    x0, y0, x1, y1 = box.astype(int)
    return picture[y0:y1, x0:x1].mean((0, 1)) / 255


@pytest.fixture(scope="session")
def annotations(shapes: Path) -> Annotations:
    return read_annotations(shapes / "annotations/instances_train.json")


@pytest.fixture(scope="session")
def source(shapes: Path, annotations: Annotations) -> PictureSource:
    return PictureSource(shapes / "images/train", annotations.images)


@pytest.fixture
def examples(source: PictureSource, annotations: Annotations) -> Examples:
    return Examples(MeanColours(), annotations, source.__getitem__, training(), shape())
