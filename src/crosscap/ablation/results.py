"""The filled tables as plain values: what ``reports/tables/T.json`` holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crosscap.ablation.intervals import ImageIntervals
from crosscap.ablation.orderings import Ordering, orderings, pairs_in_order
from crosscap.ablation.published import TABLES, Row, Table
from crosscap.ablation.scores import Runs, Summary, scores_of


def filled(runs: Runs, intervals: ImageIntervals) -> dict[str, Any]:
    """Key of each table → its rows, the orderings whose models were run, and pairs in order; rounded to four places."""
    return {key: _filled(table, runs, intervals) for key, table in TABLES.items()}


def _filled(table: Table, runs: Runs, intervals: ImageIntervals) -> dict[str, Any]:
    plan = intervals.plan
    return {
        "title": table.title,
        "metrics": list(table.metrics),
        "resampling": {"samples": plan.samples, "confidence": plan.confidence, "seed": plan.seed},
        "rows": [_row(row, table, runs, intervals) for row in _shown(table, runs)],
        "orderings": [
            _ordering(each, table, intervals) for each in orderings(table, runs) if each.verdict != "not run"
        ],
        "pairs_in_order": {metric: list(pairs_in_order(table, metric, runs)) for metric in table.metrics},
    }


def _shown(table: Table, runs: Runs) -> Iterator[Row]:
    """The paper's rows, and further ones whose models were run."""
    return (row for row in table.rows if row.published or row.run in runs)


def _row(row: Row, table: Table, runs: Runs, intervals: ImageIntervals) -> dict[str, Any]:
    ours = {metric: Summary.of(scores_of(row, metric, runs)) for metric in table.metrics}
    return {
        "name": row.name,
        "run": row.run,
        "sentences": None if row.run is None else row.sentences,
        "minus": row.minus,
        "paper": dict(zip(table.metrics, row.published, strict=True)) if row.published else None,
        "ours": {
            metric: _summary(summary, intervals.of_row(row, metric, summary.seeds)) for metric, summary in ours.items()
        }
        if any(each.seeds for each in ours.values())
        else None,
    }


def _ordering(ordering: Ordering, table: Table, intervals: ImageIntervals) -> dict[str, Any]:
    gain = ordering.gain
    rows = table.row(ordering.better), table.row(ordering.worse)
    return {
        "better": ordering.better,
        "worse": ordering.worse,
        "metric": ordering.metric,
        "paper": ordering.published,
        "ours": {
            **_summary(gain, intervals.of_gain(*rows, ordering.metric, gain.seeds)),
            "standard_error": _rounded(gain.error),
            "standard_deviations": _rounded(gain.deviations),
            "seeds_that_agree": ordering.agreeing,
        },
        "verdict": ordering.verdict,
    }


def _summary(summary: Summary, interval: list[float] | None) -> dict[str, Any]:
    return {
        "mean": _rounded(summary.mean),
        "spread": _rounded(summary.spread),
        "interval": interval,
        "seeds": list(summary.seeds),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
