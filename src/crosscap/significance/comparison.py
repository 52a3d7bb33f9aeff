"""Two systems on the same images: by how much they differ, and whether that could be chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosscap.significance.resampling import (
    Resampling,
    Scores,
    bootstrap_p,
    holm,
    interval,
    randomisation_p,
    randomised_differences,
)
from crosscap.significance.scored_set import ScoredSet

Pair = tuple[ScoredSet, ScoredSet]


@dataclass(frozen=True)
class Difference:
    """One metric of two systems, times 100.

    Attributes:
        first: score of the first system; second: of the second; difference: first - second.
        low, high: confidence interval of the difference.
        p_bootstrap, p_randomisation: probabilities of such a difference, either way, between systems that are alike.
        p_holm: p_randomisation, adjusted for the number of metrics of this pair.
    """

    metric: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    p_bootstrap: float
    p_randomisation: float
    p_holm: float


Differences = list[Difference]


def different_images(first: ScoredSet, second: ScoredSet) -> str | None:
    """Why the two cannot be compared image by image; None: they can."""
    if first.ids == second.ids:
        return None if len(first.ids) > 1 else f"{len(first.ids)} image: nothing can be said from less than two"
    ours, theirs = set(first.ids), set(second.ids)
    parts = [f"{first.name} is of {len(ours)} images, {second.name} of {len(theirs)}"]
    for whose, ids in (("the first", ours - theirs), ("the second", theirs - ours)):
        if ids:
            parts.append(f"{len(ids)} only of {whose}: {', '.join(sorted(ids)[:3])}{', …' if len(ids) > 3 else ''}")
    return "; ".join(parts)


def compare(pairs: Sequence[Pair], resampled: Sequence[tuple[Scores, Scores]], plan: Resampling) -> list[Differences]:
    """The differences of every pair, one a metric that both systems have.

    Args:
        pairs: each two systems on the same images, at least two of them; all pairs on as many.
        resampled: their bootstrapped scores, the images resampled alike.

    Raises:
        ValueError: a pair whose images differ.
    """
    for pair in pairs:
        if (reason := different_images(*pair)) is not None:
            raise ValueError(reason)
    shuffled = randomised_differences(pairs, plan) if pairs else []
    return [_differences(*parts, plan.confidence) for parts in zip(pairs, resampled, shuffled, strict=True)]


def _differences(pair: Pair, drawn: tuple[Scores, Scores], shuffled: Scores, confidence: float) -> Differences:
    scores = {metric: (pair[0].corpus[metric], pair[1].corpus[metric]) for metric in shuffled}
    chances = [randomisation_p(shuffled[metric], one - other) for metric, (one, other) in scores.items()]
    found = []
    for (metric, (one, other)), p, adjusted in zip(scores.items(), chances, holm(chances), strict=True):
        differences = drawn[0][metric] - drawn[1][metric]
        low, high = interval(differences, confidence)
        found.append(Difference(metric, one, other, one - other, low, high, bootstrap_p(differences), p, adjusted))
    return found
