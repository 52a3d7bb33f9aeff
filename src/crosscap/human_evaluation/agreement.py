"""Krippendorff's alpha: how far raters agree beyond what chance would give, 1 being perfect and 0 chance.

K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011). Written here because the one library that is kept
up, `krippendorff`, has a licence (GPL) that this project's does not allow.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Level = Literal["ordinal", "interval"]


def krippendorff_alpha(ratings: NDArray[np.float64], level: Level) -> float | None:
    """Alpha of ``ratings``.

    Args:
        ratings: [raters, units], NaN where a rater did not rate a unit.
        level: what differences between values mean: ``ordinal``, how many ratings lie between them; ``interval``,
            the difference of the numbers.

    Returns:
        None where alpha is not defined: no unit has two ratings, or all ratings are the same.
    """
    values = np.unique(ratings[~np.isnan(ratings)])
    counts = (ratings[:, :, None] == values).sum(axis=0)  # [units, values]
    raters = counts.sum(axis=1)
    counts, raters = counts[raters > 1], raters[raters > 1]  # a rating alone can be paired with none
    # Each ordered pair of different raters' values of a unit counts 1 / (its raters - 1).
    weighted = counts / (raters - 1)[:, None]
    observed = weighted.T @ counts - np.diag(weighted.sum(axis=0))
    totals = counts.sum(axis=0)
    by_chance = (np.outer(totals, totals) - np.diag(totals)) / max(totals.sum() - 1, 1)
    apart = _squared_distances(values, totals, level)
    expected = float((by_chance * apart).sum())
    return None if expected == 0 else 1 - float((observed * apart).sum()) / expected


def _squared_distances(values: NDArray[np.float64], totals: NDArray[np.int64], level: Level) -> NDArray[np.float64]:
    """[values, values]; ``totals``: how often each value was given."""
    # Two neighbours on an ordinal scale are half of both their ratings apart: ranks in the middle of equal ratings.
    places = values if level == "interval" else np.cumsum(totals) - totals / 2
    return np.subtract.outer(places, places) ** 2
