"""COCO's average precision of resampled pictures, without matching and ranking the detections again.

A picture that is drawn w times brings each of its detections w times, all at the place of their score. So a draw's
precision and recall follow from sums of weights along the ranking of the whole set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RECALLS = 100  # COCO reads precision at recalls of 0, 0.01, …, 1
WEIGHT = np.float32  # whole numbers up to 16 million are exact


@dataclass(frozen=True)
class ClassMatches:
    """Of one class.

    Attributes:
        pictures: [D] row of each detection's picture, best score first.
        hits: [T, D] whether it finds an annotated object, for each lowest overlap.
        wanted: [N] annotated objects of each picture.
    """

    pictures: NDArray[np.int64]
    hits: NDArray[np.bool_]
    wanted: NDArray[np.int64]


def mean_average_precisions(matches: Sequence[ClassMatches], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over the classes that are annotated in a draw, [S, T], in [0, 1]; NaN where none is.

    pycocotools compares recalls as rounded fractions, here they are whole numbers of hundredths: of a class whose
    recall is exactly such a number the two may differ by one of the 101 precisions.

    Args:
        weights: [S, N] how often each picture is drawn.
    """
    total = np.zeros((len(weights), len(matches[0].hits) if matches else 0))
    classes = np.zeros((len(weights), 1))
    copies = weights.astype(WEIGHT)
    for each in matches:
        wanted = copies @ each.wanted.astype(WEIGHT)
        total += np.where(wanted[:, None] > 0, np.stack([*_by_overlap(each, copies, wanted)], 1), 0)
        classes += wanted[:, None] > 0
    return np.divide(total, classes, out=np.full_like(total, np.nan), where=classes > 0)


def _by_overlap(
    matches: ClassMatches, weights: NDArray[np.float32], wanted: NDArray[np.float32]
) -> Iterator[NDArray[np.float32]]:
    """[S] average precision, for each overlap; whatever where nothing is wanted."""
    copies = weights[:, matches.pictures]
    found = np.maximum(copies.cumsum(1), 1)  # until something is found nothing is right, and 0 of 1 is 0
    wanted = np.maximum(wanted, 1)[:, None]
    for hits in matches.hits:
        if not hits.any():
            yield np.zeros(len(weights), WEIGHT)
            continue
        right = copies[:, hits].cumsum(1)
        precision = right / found[:, hits]
        # The best precision at this recall or a higher one: it is never between two hits.
        best = np.maximum.accumulate(precision[:, ::-1], 1)[:, ::-1]
        reached = np.floor(RECALLS * right / wanted)
        passed = np.diff(reached, axis=1, prepend=WEIGHT(0))
        yield (best[:, 0] + np.einsum("sd,sd->s", best, passed)) / (RECALLS + 1)
