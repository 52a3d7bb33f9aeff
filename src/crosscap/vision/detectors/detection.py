"""What a detector is to the rest of the program: pictures in, boxes with names and features out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
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
        attribute_scores: [N, A] float32 in [0, 1], columns as in `Detector.attributes`; A = 0 without attribute head.
    """

    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    scores: NDArray[np.float32]
    features: NDArray[np.float32]
    attribute_scores: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.labels)

    def head(self, count: int) -> Detections:
        """The ``count`` best."""
        return Detections(**{name: array[:count] for name, array in vars(self).items()})


Boxes = Sequence[NDArray[np.float32]]
"""Boxes [N, 4] of each of several pictures, ``x0, y0, x1, y1`` in pixels of the picture."""


class Sight:
    """What one pass of a backbone over some pictures saw: objects, and features of any boxes from the same maps."""

    def __init__(
        self, find: Callable[[], list[Detections]], pool: Callable[[Boxes], list[NDArray[np.float32]]] | None
    ) -> None:
        """``pool``: None where there are no maps, as of features that were imported."""
        self._find, self._pool = find, pool

    @cached_property
    def detections(self) -> list[Detections]:
        """One `Detections` a picture; the region heads run when this is first asked for."""
        return self._find()

    @property
    def has_maps(self) -> bool:
        """Whether `box_features` can be asked for."""
        return self._pool is not None

    def box_features(self, boxes: Boxes) -> list[NDArray[np.float32]]:
        """Features [N, D] of given boxes of each picture, such as gold ones or the unions of pairs."""
        assert self._pool is not None, "there are no maps"
        return self._pool(boxes)


class Detector(Protocol):
    """Every backend.

    Attributes:
        classes: names of the labels.
        attributes: names of the attribute scores' columns; none without attribute head.
        feature_size: D.
    """

    classes: tuple[str, ...]
    attributes: tuple[str, ...]
    feature_size: int

    def look(self, pictures: Sequence[Picture]) -> Sight:
        """Compute the feature maps of pictures."""
        ...

    def detect(self, pictures: Sequence[Picture]) -> list[Detections]:
        """Find objects, one `Detections` a picture."""
        return self.look(pictures).detections

    def box_features(self, pictures: Sequence[Picture], boxes: Boxes) -> list[NDArray[np.float32]]:
        """Features [N, D] of given boxes where no detections are wanted."""
        return self.look(pictures).box_features(boxes)


class NoDetector(Detector):
    """For workflows without pictures, whose graphs are imported: it finds nothing."""

    classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    feature_size = 0

    def look(self, pictures: Sequence[Picture]) -> Sight:
        return Sight(
            lambda: [nothing() for _ in pictures],
            lambda boxes: [np.zeros((len(some), 0), np.float32) for some in boxes],
        )


def nothing(feature_size: int = 0, attributes: int = 0) -> Detections:
    """No objects, in arrays of the given widths."""
    return Detections(
        np.zeros((0, 4), np.float32),
        np.zeros(0, np.int64),
        np.zeros(0, np.float32),
        np.zeros((0, feature_size), np.float32),
        np.zeros((0, attributes), np.float32),
    )


def overlap(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of every box of ``first`` [N, 4] with every box of ``second`` [M, 4]: [N, M]."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = (high - low).clip(0).prod(-1)
    areas = [(boxes[:, 2:] - boxes[:, :2]).clip(0).prod(-1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None, :] - shared
    return (shared / np.maximum(union, 1e-9)).astype(np.float32)
