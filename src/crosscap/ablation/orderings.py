"""Which of the paper's orderings hold in scores of one's own, and how surely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from crosscap.ablation.published import Row, Table
from crosscap.ablation.scores import Runs, Summary, difference, scores_of

Verdict = Literal["holds", "holds within the spread", "fails within the spread", "fails", "not run"]


@dataclass(frozen=True)
class Ordering:
    """One claim of the paper in one metric.

    Attributes:
        published: how much the better row has more in the paper; None: it has no such number.
        gain: the same in ours, seed by seed.
        agreeing: seeds in which the sign is the paper's.
    """

    better: str
    worse: str
    metric: str
    published: float | None
    gain: Summary
    agreeing: int
    verdict: Verdict


def orderings(table: Table, runs: Runs) -> list[Ordering]:
    """Every claim of ``table`` in each metric in which the paper's numbers differ, claim by claim."""
    found = []
    for better, worse in table.claims:
        for place, metric in enumerate(table.metrics):
            ordering = _ordering(table.row(better), table.row(worse), place, metric, runs)
            if ordering is not None:
                found.append(ordering)
    return found


def pairs_in_order(table: Table, metric: str, runs: Runs) -> tuple[int, int]:
    """Of the pairs of rows whose order both the paper and our means tell: those in the same order, and all."""
    place = table.metrics.index(metric)
    same, pairs = 0, 0
    for one, other in combinations((row for row in table.rows if row.published and row.minus is None), 2):
        gap, gain = _gap(one, other, place), _gain(one, other, metric, runs)
        if gap and gain is not None:
            pairs += 1
            same += gain * gap > 0
    return same, pairs


def _ordering(better: Row, worse: Row, place: int, metric: str, runs: Runs) -> Ordering | None:
    published = _gap(better, worse, place)
    if published == 0:
        return None
    # A row of changes stands for the scores of its model.
    gains = difference(*(scores_of(replace(row, minus=None), metric, runs) for row in (better, worse)))
    sign = -1.0 if published is not None and published < 0 else 1.0
    agreeing = sum(sign * gain > 0 for gain in gains.values())
    gain = Summary.of(gains)
    return Ordering(better.name, worse.name, metric, published, gain, agreeing, _verdict(gain, sign))


def _gain(one: Row, other: Row, metric: str, runs: Runs) -> float | None:
    """Of the means, over all seeds of each: two rows need no seed in common to be ranked."""
    first, second = (Summary.of(scores_of(row, metric, runs)).mean for row in (one, other))
    return None if first is None or second is None else first - second


def _gap(one: Row, other: Row, place: int) -> float | None:
    if not one.published or not other.published:
        return None
    if other.minus is not None:
        return -other.published[place]
    return round(one.published[place] - other.published[place], 4)


def _verdict(gain: Summary, sign: float) -> Verdict:
    """Beyond the spread is a mean that is further from 0 than one standard deviation of the gains."""
    if gain.mean is None:
        return "not run"
    right = sign * gain.mean > 0
    sure = gain.spread is not None and abs(gain.mean) > gain.spread
    if right:
        return "holds" if sure else "holds within the spread"
    return "fails" if sure else "fails within the spread"
