"""Intervals of stages' scores against draws made one item after another, and against known distributions."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray

from crosscap.significance.resampling import Resampling, image_weights
from crosscap.significance.stage_intervals import Counts, bounds, extraction, intervals, mean_share, trials

PLAN = Resampling(8_000, 0.9, 7)


def drawn(numbers: NDArray[np.float64], samples: int = 2000) -> list[list[NDArray[np.float64]]]:
    """Resamples as lists of items, by another generator."""
    draw = np.random.default_rng(11)
    return [list(numbers[draw.integers(len(numbers), size=len(numbers))]) for _ in range(samples)]


def percentiles(scores: list[float]) -> list[float]:
    return [float(np.percentile(scores, share)) for share in (5, 95)]


def test_precision_recall_and_f1_of_resampled_items() -> None:
    draw = np.random.default_rng(1)
    wanted, found = draw.integers(1, 6, 40), draw.integers(1, 6, 40)
    numbers = np.stack([draw.binomial(np.minimum(wanted, found), 0.7), found, wanted], 1).astype(float)
    slow: dict[str, list[float]] = {"precision": [], "recall": [], "F1": []}
    for items in drawn(numbers):
        right = sum(item[0] for item in items)
        precision, recall = right / sum(item[1] for item in items), right / sum(item[2] for item in items)
        f1 = 2 * precision * recall / (precision + recall)
        for name, value in zip(slow, (precision, recall, f1), strict=True):
            slow[name].append(100 * value)
    fast = intervals(extraction(map(tuple, numbers)), PLAN)
    assert list(fast) == list(slow)
    for name, scores in slow.items():  # draws of another generator: what 2,000 of them leave open is about 0.5
        assert fast[name] == pytest.approx(percentiles(scores), abs=1), name
        assert fast[name][1] - fast[name][0] > 5


def test_a_mean_share_is_of_the_kinds_that_a_draw_has() -> None:
    draw = np.random.default_rng(3)
    occurs = draw.integers(0, 2, (12, 4)).astype(float)
    occurs[1:, 3] = 0  # of one item only: many draws lack it
    shares = occurs * draw.random((12, 4)).round(2)
    numbers = np.concatenate([occurs, shares], 1)
    slow = []
    for items in drawn(numbers):
        means = [
            sum(item[4 + kind] for item in items) / sum(item[kind] for item in items)
            for kind in range(4)
            if any(item[kind] for item in items)
        ]
        slow.append(100 * sum(means) / len(means))
    fast = intervals(Counts(numbers, {"mR": mean_share(slice(4, 8), slice(0, 4))}), PLAN)["mR"]
    assert fast == pytest.approx(percentiles(slow), abs=1.5) and fast[1] - fast[0] > 8


def test_trials_have_the_interval_of_the_binomial_distribution() -> None:
    hits, items = 27, 33
    chances = [comb(items, n) * (hits / items) ** n * (1 - hits / items) ** (items - n) for n in range(items + 1)]
    expected = [100 * int(np.searchsorted(np.cumsum(chances), share)) / items for share in (0.05, 0.95)]
    assert intervals(trials("precision@1", hits, items), PLAN)["precision@1"] == pytest.approx(expected, abs=1e-4)


def test_items_drawn_by_kind_and_one_by_one_spread_alike() -> None:
    numbers = np.array([[1, 1]] * 30 + [[0, 1]] * 10 + [[1, 2]] * 20, float)
    scores = np.concatenate([100 * (sums := part @ numbers)[:, 0] / sums[:, 1] for part in image_weights(60, PLAN)])
    by_kind = intervals(Counts.of(numbers, share=(0, 1)), PLAN)["share"]
    assert by_kind == pytest.approx(bounds({"share": scores}, PLAN)["share"], abs=0.3)


def test_the_same_seed_gives_the_same_interval_and_another_order_of_items_too() -> None:
    rows = [(number % 3, 3 + number % 5, 4 + number % 7) for number in range(200)]
    assert intervals(extraction(rows), PLAN) == intervals(extraction(rows[::-1]), PLAN)
    assert intervals(extraction(rows), PLAN) != intervals(extraction(rows), Resampling(PLAN.samples, 0.9, 8))


def test_nothing_one_item_and_nothing_found_have_no_interval() -> None:
    assert intervals(extraction([]), PLAN) == {} == intervals(extraction([(1, 1, 1)]), PLAN)
    assert list(intervals(extraction([(0, 0, 2), (0, 0, 3)]), PLAN)) == ["recall", "F1"]
    # Found in one of forty items: most draws have it, 36 % do not and count for nothing.
    rare = [(1, 2, 1), *[(0, 0, 1)] * 39]
    assert intervals(extraction(rare), PLAN)["precision"] == [50, 50]
