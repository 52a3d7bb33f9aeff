"""What other test images could have given: intervals of the tables' means and gains, by bootstrap.

Images (of held-out sentences: pairs) are drawn with replacement, the same for all models that were scored on them. In
each draw the seeds of a row are averaged, and of a gain the other row is taken off: what is left is the chance of the
images, of these very models. That of training is the standard deviation over seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from crosscap.ablation.published import MAPPED, PLAIN, SHORT, TEXT, Row
from crosscap.significance.resampling import Resampling, bootstrap_groups, interval
from crosscap.significance.run_comparison import by_system
from crosscap.significance.scored_set import ScoredSet, read_scored_sets

Key = tuple[str, int, str]
"""Model without its seed, seed, set."""


class ImageIntervals:
    """Bootstrapped scores of models, to be averaged and subtracted.

    Args:
        sets: the scored sentences of each model, seed and set.
    """

    def __init__(self, sets: Mapping[Key, ScoredSet], plan: Resampling) -> None:
        self.plan = plan
        self._ids = {key: scored.ids for key, scored in sets.items()}
        self._drawn = bootstrap_groups({key: scored.only(SHORT) for key, scored in sets.items()}, plan)

    def of_row(self, row: Row, metric: str, seeds: Sequence[int]) -> list[float] | None:
        """Low and high of the row's mean over ``seeds``; None where a score table lacks a model, set or metric."""
        return self._interval([(1, row.run, row.sentences), (-1, row.minus, row.sentences)], metric, seeds)

    def of_gain(self, better: Row, worse: Row, metric: str, seeds: Sequence[int]) -> list[float] | None:
        """The same of the mean gain of one row's model over the other's, seed by seed."""
        return self._interval([(1, better.run, better.sentences), (-1, worse.run, worse.sentences)], metric, seeds)

    def _interval(
        self, terms: Iterable[tuple[int, str | None, str]], metric: str, seeds: Sequence[int]
    ) -> list[float] | None:
        parts = [(sign, (run, seed, kind)) for sign, run, kind in terms if run is not None for seed in seeds]
        if not parts or any(metric not in self._drawn.get(key, {}) for _, key in parts):
            return None
        if len({self._ids[key] for _, key in parts}) > 1:
            return None  # of other images: their draws are not the same
        total = np.sum([sign * self._drawn[key][metric] for sign, key in parts], 0) / len(seeds)
        return [round(bound, 4) for bound in interval(total, self.plan.confidence)]


def read_intervals(folder: Path, target: str, names: Iterable[str], own_seed: int, plan: Resampling) -> ImageIntervals:
    """Of the score tables in ``folder``; models without one have no intervals.

    Raises:
        InputError: a file that is no score table.
    """
    sets: dict[Key, ScoredSet] = {}
    for system, runs in by_system(names, own_seed).items():
        for seed, run in runs.items():
            path = folder / f"{target}_{run}.parquet"
            if path.is_file():
                found = read_scored_sets(path, run)
                sets |= {(system, seed, kind): found[kind] for kind in (TEXT, PLAIN, MAPPED) if kind in found}
    return ImageIntervals(sets, plan)
