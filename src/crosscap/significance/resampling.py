"""Paired bootstrap (Koehn 2004) and approximate randomisation (Riezler and Maxwell 2005) over images.

Both ask how far a score, or the difference of two, hangs on which images happened to be in the test set. Neither
knows of the other chance, that of training: another seed of the same system gives other captions for all images.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from crosscap.significance.corpus_scores import Floats
from crosscap.significance.scored_set import ScoredSet

Scores = dict[str, Floats]
"""Metric → scores of the resamples [S], times 100."""

Key = TypeVar("Key", bound=Hashable)

CELLS = 4_000_000  # weights drawn at a time: 32 MB
EQUAL = 1e-9  # differences nearer than this are rounding


@dataclass(frozen=True)
class Resampling:
    """How often to resample, the confidence of intervals in (0, 1), and the seed of all that is drawn."""

    samples: int
    confidence: float
    seed: int


def bootstrap_scores(sets: Sequence[ScoredSet], plan: Resampling) -> list[Scores]:
    """Scores of every set in the same resamples of their images: as many images, drawn with replacement.

    Args:
        sets: captions of the same images.
    """
    found: list[list[Scores]] = [[] for _ in sets]
    for weights in image_weights(len(sets[0].ids), plan):
        for parts, scored in zip(found, sets, strict=True):
            sums = weights @ scored.numbers
            parts.append({metric: measure.of(sums) for metric, measure in scored.measures.items()})
    return [_joined(parts) for parts in found]


def image_weights(images: int, plan: Resampling) -> Iterator[Floats]:
    """[s, N]: how often each image is in a resample, part by part of the samples."""
    draw = np.random.default_rng(plan.seed)
    for samples in _chunks(plan.samples, images):
        picks = draw.integers(images, size=(samples, images)) + images * np.arange(samples)[:, None]
        yield np.bincount(picks.ravel(), minlength=samples * images).reshape(samples, images).astype(np.float64)


def bootstrap_groups(sets: Mapping[Key, ScoredSet], plan: Resampling) -> dict[Key, Scores]:
    """Bootstrapped scores by key; sets of the same images have the same resamples, so that they can be subtracted.

    Sets of fewer than two images have none.
    """
    groups: dict[tuple[str, ...], list[Key]] = {}
    for key, scored in sets.items():
        if len(scored.ids) > 1:
            groups.setdefault(scored.ids, []).append(key)
    found: dict[Key, Scores] = {}
    for keys in groups.values():
        found.update(zip(keys, bootstrap_scores([sets[key] for key in keys], plan), strict=True))
    return {key: found[key] for key in sets if key in found}


def randomised_differences(pairs: Sequence[tuple[ScoredSet, ScoredSet]], plan: Resampling) -> list[Scores]:
    """Differences of two systems after each image's two captions changed hands or not, by a coin.

    Args:
        pairs: captions of two systems for the same images; those of all pairs are as many.
    """
    found: list[list[Scores]] = [[] for _ in pairs]
    halves = [_halves(*pair) for pair in pairs]
    images, draw = len(pairs[0][0].ids), np.random.default_rng(plan.seed)
    for samples in _chunks(plan.samples, images):
        bits = np.frombuffer(draw.bytes(-(-samples * images // 8)), np.uint8)
        signs = np.unpackbits(bits, count=samples * images).reshape(samples, images) * 2.0 - 1.0
        for parts, pair, (middle, half) in zip(found, pairs, halves, strict=True):
            moved = signs @ half
            first, second = middle + moved, middle - moved
            parts.append({m: pair[0].measures[m].of(first) - pair[1].measures[m].of(second) for m in shared(*pair)})
    return [_joined(parts) for parts in found]


def shared(first: ScoredSet, second: ScoredSet) -> list[str]:
    """Metrics that both have."""
    return [metric for metric in first.measures if metric in second.measures]


def interval(scores: Floats, confidence: float) -> tuple[float, float]:
    """The percentile interval of bootstrapped scores."""
    low, high = np.quantile(scores, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def bootstrap_p(differences: Floats) -> float:
    """Two-sided: twice the share of resamples in which the difference is 0 or has its other sign.

    It is at most 1 - confidence, within one resample, where the interval leaves 0 out. One resample more than were
    drawn counts as such: it is never 0.
    """
    wrong = min((differences <= EQUAL).sum(), (differences >= -EQUAL).sum())
    return min(1.0, 2 * (float(wrong) + 1) / (len(differences) + 1))


def randomisation_p(differences: Floats, observed: float) -> float:
    """Two-sided: the share of shuffles that differ at least as much as the systems do, the systems themselves among
    them (Riezler and Maxwell 2005, figure 1)."""
    return (float((np.abs(differences) >= abs(observed) - EQUAL).sum()) + 1) / (len(differences) + 1)


def holm(values: Sequence[float]) -> list[float]:
    """P values adjusted for having asked so many questions at once (Holm 1979)."""
    adjusted, largest = [0.0] * len(values), 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        largest = max(largest, min(1.0, (len(values) - rank) * values[place]))
        adjusted[place] = largest
    return adjusted


def _chunks(samples: int, images: int) -> Iterator[int]:
    most = max(1, CELLS // images)
    for start in range(0, samples, most):
        yield min(most, samples - start)


def _halves(first: ScoredSet, second: ScoredSet) -> tuple[Floats, Floats]:
    """Half of both systems' sums together [1, K], and half of what each image differs by [N, K]."""
    return (first.numbers + second.numbers).sum(0, keepdims=True) / 2, (first.numbers - second.numbers) / 2


def _joined(parts: Sequence[Scores]) -> Scores:
    return {metric: np.concatenate([part[metric] for part in parts]) for metric in parts[0]}
