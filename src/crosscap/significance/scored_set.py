"""The captions of one system for one set of images, as the numbers that their corpus scores are computed from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from crosscap.errors import InputError
from crosscap.evaluation.score_table import (
    BLEU,
    BLEU_STATISTICS,
    METEOR_STATISTICS,
    METRICS,
    SCHEMA,
    read_score_table,
)
from crosscap.significance.corpus_scores import (
    BLEU_NUMBERS,
    METEOR_NUMBERS,
    Combination,
    Floats,
    bleu,
    mean_score,
    meteor,
    meteor_numbers,
)

MEANS = tuple(metric for metric in METRICS if metric not in (*BLEU, "METEOR"))
# Every set has these columns, those of a metric that it lacks being 0: two sets can be subtracted.
BLEU_COLUMNS = slice(0, BLEU_NUMBERS)
METEOR_COLUMNS = slice(BLEU_NUMBERS, BLEU_NUMBERS + METEOR_NUMBERS)
COLUMNS = METEOR_COLUMNS.stop + 2 * len(MEANS)


@dataclass(frozen=True)
class Measure:
    """A corpus score: which columns of the numbers it reads, and the function of their sums."""

    columns: slice
    combine: Combination

    def of(self, sums: Floats) -> Floats:
        """[S, K] sums over captions → [S] scores times 100."""
        return self.combine(sums[:, self.columns])


@dataclass(frozen=True)
class ScoredSet:
    """Captions in the order of their ids, so that equal sets of images have equal rows.

    Attributes:
        name: for messages.
        ids: [N], rising.
        captions: [N], words joined by spaces, as they were scored.
        single: metric → scores of the captions [N], times 100; those that all captions have.
        numbers: [N, K], what corpus scores are computed from; K is `COLUMNS`.
        measures: metric → its corpus score.
        missing: metric → why it cannot be compared.
    """

    name: str
    ids: tuple[str, ...]
    captions: tuple[str, ...]
    single: Mapping[str, Floats]
    numbers: Floats
    measures: Mapping[str, Measure]
    missing: Mapping[str, str]

    @cached_property
    def corpus(self) -> dict[str, float]:
        """Metric → score of the whole set, times 100."""
        sums = self.numbers.sum(0, keepdims=True)
        return {metric: float(measure.of(sums)[0]) for metric, measure in self.measures.items()}

    def only(self, metrics: Collection[str]) -> ScoredSet:
        """The same captions with these metrics alone."""
        return replace(self, measures={m: measure for m, measure in self.measures.items() if m in metrics})


def read_scored_sets(path: str | Path, name: str) -> dict[str, ScoredSet]:
    """The sets of a score table by name, ``name/SET`` being what messages call them.

    A table written before the statistics were kept is read too; its BLEU and METEOR are then missing.

    Raises:
        InputError: no score table.
    """
    rows = read_score_table(path, _present(path))
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["set"], []).append(row)
    return {kind: scored_set(f"{name}/{kind}", group, path) for kind, group in groups.items()}


def scored_set(name: str, rows: Sequence[Mapping[str, Any]], path: str | Path) -> ScoredSet:
    """Rows of one set as `crosscap.evaluation.score_table` has them; ``path`` is where they came from.

    Raises:
        InputError: statistics of another length than they must have.
    """
    rows = sorted(rows, key=lambda row: str(row["id"]))
    single = {m: np.array([row[m] for row in rows], float) for m in METRICS if _complete(rows, m)}
    numbers = np.zeros((len(rows), COLUMNS))
    measures: dict[str, Measure] = {}
    if _complete(rows, BLEU_STATISTICS):
        numbers[:, BLEU_COLUMNS] = _block(rows, BLEU_STATISTICS, BLEU_NUMBERS, path)
        measures |= {metric: Measure(BLEU_COLUMNS, bleu(order)) for order, metric in enumerate(BLEU, 1)}
    if _complete(rows, METEOR_STATISTICS):
        numbers[:, METEOR_COLUMNS] = meteor_numbers(_block(rows, METEOR_STATISTICS, METEOR_NUMBERS, path))
        measures["METEOR"] = Measure(METEOR_COLUMNS, meteor)
    for place, metric in enumerate(MEANS):
        if metric in single:
            start = METEOR_COLUMNS.stop + 2 * place
            columns = slice(start, start + 2)
            numbers[:, columns] = np.stack([single[metric], np.ones(len(rows))], 1)
            measures[metric] = Measure(columns, mean_score)
    return ScoredSet(
        name,
        tuple(str(row["id"]) for row in rows),
        tuple(str(row["caption"]) for row in rows),
        single,
        numbers,
        measures,
        {metric: _reason(metric, metric in single) for metric in METRICS if metric not in measures},
    )


def _reason(metric: str, scored: bool) -> str:
    return "scored before its statistics were kept: evaluate again" if scored else f"captions have no {metric}"


def _complete(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    return bool(rows) and all(row.get(column) is not None for row in rows)


def _block(rows: Sequence[Mapping[str, Any]], column: str, numbers: int, path: str | Path) -> Floats:
    for row in rows:
        if len(row[column]) != numbers:
            raise InputError(path, f"{len(row[column])} in {column}", f"{numbers} numbers", record=f"id {row['id']}")
    return np.array([row[column] for row in rows], float)


def _present(path: str | Path) -> list[str]:
    """Columns of the schema that the table has; those that nothing can be compared without in any case."""
    try:
        names = set(pq.read_schema(path).names)
    except (OSError, pa.ArrowInvalid):
        names = set(SCHEMA.names)  # read_score_table says what is wrong
    return [name for name in SCHEMA.names if name in names | {"set", "id", "caption"}]
