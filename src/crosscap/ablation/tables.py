"""UNISON's tables from what the stages left in a project."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crosscap.ablation.intervals import read_intervals
from crosscap.ablation.results import filled
from crosscap.ablation.scores import read_runs
from crosscap.significance.resampling import Resampling


def read_tables(root: Path, target: str, names: Sequence[str], own_seed: int, plan: Resampling) -> dict[str, Any]:
    """The tables filled with the scores of the models ``names``, as `filled` gives them.

    Args:
        root: the project.
        own_seed: the seed of a name that says none.

    Raises:
        InputError: the metrics of a model are missing, or a file holds no scores.
    """
    intervals = read_intervals(root / "data/scores", target, names, own_seed, plan)
    return filled(read_runs(root / "reports/metrics", target, names, own_seed), intervals)
