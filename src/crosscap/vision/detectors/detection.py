"""What a detector is to the rest of the program: pictures in, boxes with names and features out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from crosscap.vision.images import Picture


@dataclass(frozen=True)
class Detections:
    """The objects found in one picture, best first.

    Attributes:
        boxes: [N, 4] float32, ``x0, y0, x1, y1`` in pixels of the picture.
        labels: [N] int64, index into `Detector.classes`.
        scores: [N] float32 in [0, 1], never rising.
        features: [N, D] float32, the box head's representation.
    """

    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    scores: NDArray[np.float32]
    features: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.labels)

    def head(self, count: int) -> Detections:
        """The ``count`` best."""
        return Detections(self.boxes[:count], self.labels[:count], self.scores[:count], self.features[:count])


class Detector(Protocol):
    """Every backend. ``classes`` names the labels; ``feature_size`` is D."""

    classes: tuple[str, ...]
    feature_size: int

    def detect(self, pictures: Sequence[Picture]) -> list[Detections]:
        """Find objects, one `Detections` a picture."""
        ...

    def box_features(
        self, pictures: Sequence[Picture], boxes: Sequence[NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        """Features [N, D] of given boxes, such as gold ones."""
        ...


class NoDetector:
    """For workflows without pictures, whose graphs are imported: it finds nothing."""

    classes: tuple[str, ...] = ()
    feature_size = 0

    def detect(self, pictures: Sequence[Picture]) -> list[Detections]:
        return [nothing(0) for _ in pictures]

    def box_features(
        self, pictures: Sequence[Picture], boxes: Sequence[NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        return [np.zeros((len(some), 0), np.float32) for some in boxes]


def nothing(feature_size: int) -> Detections:
    """No objects."""
    return Detections(
        np.zeros((0, 4), np.float32),
        np.zeros(0, np.int64),
        np.zeros(0, np.float32),
        np.zeros((0, feature_size), np.float32),
    )


def overlap(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of every box of ``first`` [N, 4] with every box of ``second`` [M, 4]: [N, M]."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = (high - low).clip(0).prod(-1)
    areas = [(boxes[:, 2:] - boxes[:, :2]).clip(0).prod(-1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None, :] - shared
    return (shared / np.maximum(union, 1e-9)).astype(np.float32)
