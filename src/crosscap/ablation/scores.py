"""Scores of trained models by seed, as the rows of the tables want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from crosscap.ablation.published import TEXT, Row
from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.systems.unison.run_name import RunName

BySeed = Mapping[int, float]
Runs = Mapping[str, Mapping[int, Mapping[str, Any]]]
"""Name of a model without its seed → seed → content of its metrics file."""


@dataclass(frozen=True)
class Summary:
    """Scores over seeds.

    Attributes:
        mean: None where there is no score.
        spread: standard deviation of the scores (n - 1 in the denominator); None for fewer than two.
        seeds: of the scores, rising.
    """

    mean: float | None
    spread: float | None
    seeds: tuple[int, ...]

    @classmethod
    def of(cls, scores: BySeed) -> Summary:
        values = [scores[seed] for seed in sorted(scores)]
        return cls(fmean(values) if values else None, stdev(values) if len(values) > 1 else None, tuple(sorted(scores)))

    @property
    def deviations(self) -> float | None:
        """The mean in standard deviations; None where they are 0 or unknown."""
        return self.mean / self.spread if self.mean is not None and self.spread else None

    @property
    def error(self) -> float | None:
        """Standard error of the mean."""
        return self.spread / sqrt(len(self.seeds)) if self.spread is not None else None


def read_runs(folder: Path, target: str, names: Iterable[str], own_seed: int) -> Runs:
    """The metrics files of the models ``names`` in ``folder``.

    Args:
        own_seed: the seed of a name that says none. A name that says this very seed is the same model again and is left
            out where both are there.

    Raises:
        InputError: a file is missing or holds no scores.
    """
    runs: dict[str, dict[int, Mapping[str, Any]]] = {}
    for run in sorted((RunName.parse(name) for name in names), key=lambda run: run.seed is not None):
        path = folder / f"{target}_{run}.json"
        content = read_json(path)
        if not isinstance(content, dict) or not isinstance(content.get("captions"), dict) or TEXT not in content:
            raise InputError(path, "no scores", "the metrics of one model", "Run `dvc repro evaluate`.")
        seed = own_seed if run.seed is None else run.seed
        runs.setdefault(str(replace(run, seed=None)), {}).setdefault(seed, content)
    return runs


def scores_of(row: Row, metric: str, runs: Runs) -> dict[int, float]:
    """Seed → score of the row's model, times 100; empty where it was not trained or the metric is missing."""
    scores = _scores(row.run, row.sentences, metric, runs)
    return scores if row.minus is None else difference(scores, _scores(row.minus, row.sentences, metric, runs))


def difference(scores: BySeed, others: BySeed) -> dict[int, float]:
    """Differences seed by seed, of the seeds that both have."""
    return {seed: scores[seed] - others[seed] for seed in scores if seed in others}


def _scores(run: str | None, sentences: str, metric: str, runs: Runs) -> dict[int, float]:
    found = {}
    for seed, content in runs.get(run or "", {}).items():
        group = content[TEXT] if sentences == TEXT else content["captions"].get(sentences, {})
        if (score := group.get(metric)) is not None:
            found[seed] = float(score)
    return found
