"""Intervals of what single stages score: bootstrap over items (pictures, sentences, pairs) of functions of their sums.

A precision, a mean or a recall of a whole set is a function of sums of a few numbers each item has: right, found,
wanted. Items with the same numbers are drawn together, how often each kind of item is drawn being multinomial; that is
the bootstrap itself (Efron 1979), and a million items cost what their few kinds cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosscap.config.evaluation import EvaluationSettings
from crosscap.config.loader import load_section
from crosscap.significance.corpus_scores import Combination, Floats
from crosscap.significance.resampling import CELLS, Resampling, interval

Bounds = list[float]


def plan_of(stage: str) -> Resampling:
    """What ``params.yaml`` says, read for ``stage``."""
    settings = load_section(stage, "evaluation", EvaluationSettings)
    return Resampling(settings.bootstrap_samples, settings.confidence, settings.bootstrap_seed)


@dataclass(frozen=True)
class Counts:
    """What scores are computed from.

    Attributes:
        numbers: [N, K] of the items.
        scores: name → the score, times 100, of sums over items; NaN where there is nothing to score.
    """

    numbers: Floats
    scores: Mapping[str, Combination]

    @classmethod
    def of(cls, rows: Iterable[Sequence[float]], **shares: tuple[int, int]) -> Counts:
        """Scores that are shares.

        Args:
            rows: the numbers of each item.
            shares: name → column of the part, column of the whole.
        """
        width = 1 + max(column for pair in shares.values() for column in pair)
        numbers = np.array(list(rows), np.float64).reshape(-1, width)
        return cls(numbers, {name: share(*columns) for name, columns in shares.items()})


def share(part: int, whole: int) -> Combination:
    """One column of another, times 100."""
    return lambda sums: ratio(100 * sums[:, part], sums[:, whole])


def mean(part: int, whole: int) -> Combination:
    """One column by another."""
    return lambda sums: ratio(sums[:, part], sums[:, whole])


def mean_share(parts: slice, wholes: slice) -> Combination:
    """The mean of several columns' shares of others, times 100; of those alone that have a whole."""

    def combined(sums: Floats) -> Floats:
        shares, known = ratio(100 * sums[:, parts], sums[:, wholes]), sums[:, wholes] > 0
        return ratio(np.where(known, shares, 0).sum(1), known.sum(1).astype(np.float64))

    return combined


def ratio(part: Floats, whole: Floats) -> Floats:
    """NaN of nothing."""
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def extraction(rows: Iterable[Sequence[float]]) -> Counts:
    """Precision, recall and F1 of what was found; ``rows``: right, found, wanted of each item."""
    counts = Counts.of(rows, precision=(0, 1), recall=(0, 2))
    return Counts(counts.numbers, {**counts.scores, "F1": f1})


def f1(sums: Floats) -> Floats:
    """From right, found, wanted."""
    return ratio(200 * sums[:, 0], sums[:, 1] + sums[:, 2])


def trials(name: str, hits: int, items: int) -> Counts:
    """A share of items that are each right or wrong."""
    return Counts.of([(1, 1)] * hits + [(0, 1)] * (items - hits), **{name: (0, 1)})


def intervals(counts: Counts, plan: Resampling) -> dict[str, Bounds]:
    """Low and high of each score; a score of less than two items, or that most draws lack, is left out."""
    items = len(counts.numbers)
    if items < 2:
        return {}
    kinds, often = np.unique(counts.numbers, axis=0, return_counts=True)
    drawn: dict[str, list[Floats]] = {name: [] for name in counts.scores}
    for weights in _multinomial(often / items, items, max(kinds.shape), plan):
        sums = weights @ kinds
        for name, score in counts.scores.items():
            drawn[name].append(score(sums))
    return bounds({name: np.concatenate(parts) for name, parts in drawn.items()}, plan)


def bounds(drawn: Mapping[str, Floats], plan: Resampling) -> dict[str, Bounds]:
    """Intervals of bootstrapped scores [S]; draws with nothing to score (NaN) do not count, unless they are most."""
    found = {}
    for name, scores in drawn.items():
        known = scores[~np.isnan(scores)]
        if 2 * len(known) > len(scores):
            found[name] = [round(bound, 4) for bound in interval(known, plan.confidence)]
    return found


def content(found: Mapping[str, Any], plan: Resampling) -> dict[str, Any]:
    """The content of a file of intervals, which are keyed as the scores are in ``reports/metrics``."""
    settings = {"samples": plan.samples, "confidence": plan.confidence, "seed": plan.seed}
    return {"settings": settings, "intervals": found}


def _multinomial(shares: Floats, items: int, width: int, plan: Resampling) -> Iterator[Floats]:
    """[s, kinds]: how often each kind of item is among as many as there are, part by part of the samples."""
    draw = np.random.default_rng(plan.seed)
    most = max(1, CELLS // width)
    for start in range(0, plan.samples, most):
        yield draw.multinomial(items, shares, min(most, plan.samples - start)).astype(np.float64)
