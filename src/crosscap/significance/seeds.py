"""The other chance: what another seed of the same systems scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

Scores = Mapping[str, float]
"""Metric → corpus score, times 100."""


def over_seeds(
    first: Mapping[int, Scores], second: Mapping[int, Scores], metrics: Sequence[str]
) -> dict[str, Any] | None:
    """Means and standard deviations over the seeds of two systems.

    Args:
        first: seed → scores of a run with that seed; second: likewise.

    Returns:
        ``seeds`` of both and by metric ``first``, ``second`` (``mean``, ``standard_deviation``) and ``difference`` of
        the runs with the same seed (also ``positive``, ``seeds``: in how many of how many it is above 0; None without
        such runs). None where neither has a second seed: one run says nothing of the spread.
    """
    if max(len(first), len(second)) < 2:
        return None
    common = sorted(set(first) & set(second))
    found: dict[str, Any] = {}
    for metric in metrics:
        if all(metric in scores for scores in (*first.values(), *second.values())):
            gains = [first[seed][metric] - second[seed][metric] for seed in common]
            counts = {"positive": sum(gain > 0 for gain in gains), "seeds": len(gains)}
            found[metric] = {
                "first": _summary([first[seed][metric] for seed in sorted(first)]),
                "second": _summary([second[seed][metric] for seed in sorted(second)]),
                "difference": {**_summary(gains), **counts} if gains else None,
            }
    return {"seeds": {"first": sorted(first), "second": sorted(second)}, "metrics": found}


def _summary(values: Sequence[float]) -> dict[str, float | None]:
    return {"mean": fmean(values), "standard_deviation": stdev(values) if len(values) > 1 else None}
