from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from crosscap.human_evaluation.agreement import krippendorff_alpha

NONE = float("nan")
# Krippendorff (2011), section C and D: four observers, twelve units.
FOUR = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
)
# Wikipedia's "Krippendorff's alpha": three coders, fifteen units.
THREE = np.array(
    [
        [NONE] * 5 + [3, 4, 1, 2, 1, 1, 3, 3, NONE, 3],
        [1, NONE, 2, 1, 3, 3, 4, 3] + [NONE] * 7,
        [NONE, NONE, 2, 1, 3, 4, 4, NONE, 2, 1, 1, 3, 3, NONE, 4],
    ]
)


@pytest.mark.parametrize(
    ("ratings", "level", "published"), [(FOUR, "ordinal", 0.815), (FOUR, "interval", 0.849), (THREE, "interval", 0.811)]
)
def test_alpha_equals_published_examples(ratings, level, published: float) -> None:
    assert krippendorff_alpha(ratings, level) == pytest.approx(published, abs=5e-4)


def by_definition(ratings, level: str) -> float:
    """1 - D_o / D_e, pair by pair."""
    units = [[v for v in unit if not np.isnan(v)] for unit in ratings.T]
    units = [unit for unit in units if len(unit) > 1]
    everything = [v for unit in units for v in unit]

    def distance(a: float, b: float) -> float:
        if level == "interval":
            return (a - b) ** 2
        low, high = sorted((a, b))
        between = sum(low <= v <= high for v in everything)
        return (between - (everything.count(a) + everything.count(b)) / 2) ** 2

    observed = sum(distance(a, b) / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2))
    expected = sum(distance(a, b) for a, b in permutations(everything, 2)) / (len(everything) - 1)
    return 1 - observed / expected


@pytest.mark.parametrize("level", ["ordinal", "interval"])
@pytest.mark.parametrize("seed", range(4))
def test_alpha_equals_its_definition_pair_by_pair(level, seed: int) -> None:
    draw = np.random.default_rng(seed)
    ratings = draw.integers(1, 11, (4, 12)).astype(float)
    ratings[draw.random(ratings.shape) < 0.4] = NONE
    assert krippendorff_alpha(ratings, level) == pytest.approx(by_definition(ratings, level), abs=1e-12)


def test_alpha_is_one_where_all_agree_and_near_zero_by_chance() -> None:
    same = np.tile(np.arange(1.0, 6.0), (3, 1))
    assert krippendorff_alpha(same, "ordinal") == krippendorff_alpha(same, "interval") == 1
    chance = np.random.default_rng(0).integers(1, 6, (5, 2000)).astype(float)
    assert krippendorff_alpha(chance, "ordinal") == pytest.approx(0, abs=0.02)


def test_alpha_is_undefined_without_pairs_or_without_differences() -> None:
    assert krippendorff_alpha(np.array([[3.0, NONE], [NONE, 4.0]]), "interval") is None
    assert krippendorff_alpha(np.full((3, 4), 5.0), "ordinal") is None
    assert krippendorff_alpha(np.full((2, 3), NONE), "interval") is None
