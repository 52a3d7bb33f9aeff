"""What a relation model reads of a picture: its boxes, the ordered pairs of them, and features of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GEOMETRY = 14
"""Numbers that describe a pair of boxes, see `pair_geometry`."""

Pool = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Boxes [M, 4] of one picture -> their features [M, D]: `Sight.box_features` of that picture."""


@dataclass(frozen=True)
class Regions:
    """N boxes of one picture and R ordered pairs of them.

    Attributes:
        boxes: [N, 4] float32, ``x0, y0, x1, y1`` in pixels.
        labels: [N] int64 detector classes.
        trust: [N] float32 in [0, 1], how sure the labels are: 1 where they are given (PredCls), a detection's score
            (SGDet), 0 where nobody has said anything (SGCls; the label is then not read).
        given: labels stay as they are.
        features: [N, D] float32.
        pairs: [R, 2] int64 (subject row, object row).
        unions: [R, D] float32, features of the smallest box around both; [R, 0] for models without them.
        geometry: [R, GEOMETRY] float32.
    """

    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    trust: NDArray[np.float32]
    given: bool
    features: NDArray[np.float32]
    pairs: NDArray[np.int64]
    unions: NDArray[np.float32]
    geometry: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.labels)


def make_regions(
    boxes: NDArray[np.float32],
    labels: NDArray[np.int64],
    trust: NDArray[np.float32],
    given: bool,
    features: NDArray[np.float32],
    pairs: NDArray[np.int64],
    width: int,
    height: int,
    pool: Pool | None,
) -> Regions:
    """`Regions` of a picture of ``width`` x ``height`` pixels; without ``pool`` there are no union features.

    A picture without pairs is not pooled from.
    """
    unions = np.zeros((len(pairs), 0 if pool is None else features.shape[1]), np.float32)
    if pool is not None and len(pairs):
        unions = pair_unions(boxes, pairs, pool)
    geometry = pair_geometry(boxes, pairs, width, height)
    return Regions(boxes, labels, trust, given, features, pairs, unions, geometry)


def all_pairs(count: int) -> NDArray[np.int64]:
    """[count * (count - 1), 2]: every ordered pair of different rows."""
    subject, other = np.divmod(np.arange(count * count, dtype=np.int64), max(count, 1))
    return np.stack([subject, other], 1)[subject != other]


def overlapping(boxes: NDArray[np.float32], pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """[R]: whether the two boxes of each pair share any area."""
    return _shared(boxes, pairs).prod(1) > 0


def pair_unions(boxes: NDArray[np.float32], pairs: NDArray[np.int64], pool: Pool) -> NDArray[np.float32]:
    """[R, D]: features of the box around both of each pair; a pair and its reverse are pooled once."""
    both, rows = np.unique(np.sort(pairs, 1), axis=0, return_inverse=True)
    first, second = boxes[both[:, 0]], boxes[both[:, 1]]
    around = np.concatenate([np.minimum(first[:, :2], second[:, :2]), np.maximum(first[:, 2:], second[:, 2:])], 1)
    return pool(around)[rows.reshape(-1)]


def pair_geometry(boxes: NDArray[np.float32], pairs: NDArray[np.int64], width: int, height: int) -> NDArray[np.float32]:
    """[R, GEOMETRY]: offset, log sizes, overlap as a share of each box, how the lower edges lie."""
    scaled = (boxes / np.array([width, height, width, height], np.float32)).astype(np.float32, copy=False)
    size = (scaled[:, 2:] - scaled[:, :2]).clip(1e-3)
    centre = (scaled[:, 2:] + scaled[:, :2]) / 2
    subject, other = pairs[:, 0], pairs[:, 1]
    shared = _shared(scaled, pairs).prod(1, keepdims=True)
    areas = size.prod(1, keepdims=True)
    bottoms = scaled[subject, 3:] - scaled[other, 3:]
    return np.concatenate(
        [
            (centre[subject] - centre[other]) / size[other],
            (centre[subject] - centre[other]) * 4,
            np.log(size[subject] / size[other]),
            np.log(size[subject]),
            np.log(size[other]),
            shared / areas[subject],
            shared / areas[other],
            bottoms * 4,
            bottoms / size[other, 1:],
        ],
        axis=1,
    ).clip(-5, 5).astype(np.float32)  # fmt: skip


def _shared(boxes: NDArray[np.float32], pairs: NDArray[np.int64]) -> NDArray[np.float32]:
    """[R, 2]: width and height of what both boxes cover, 0 where they do not meet."""
    first, second = boxes[pairs[:, 0]], boxes[pairs[:, 1]]
    return (np.minimum(first[:, 2:], second[:, 2:]) - np.maximum(first[:, :2], second[:, :2])).clip(0)
