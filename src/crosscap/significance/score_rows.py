"""Scores with their intervals as a flat table, for tools that draw one."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any

from crosscap.significance.scored_set import ScoredSet

COLUMNS = ("system", "metric", "score", "low", "high")


def score_rows(runs: Mapping[str, Mapping[str, ScoredSet]], intervals: Mapping[str, Any]) -> str:
    """CSV with a row a set of captions and metric that have an interval, by metric.

    Args:
        runs: run → set → its captions.
        intervals: run → set → metric → low and high, as ``reports/significance/T.json`` has them.
    """
    rows = [
        (metric, f"{run}, {name}", round(scored.corpus[metric], 4), *intervals[run][name][metric])
        for run, sets in runs.items()
        for name, scored in sets.items()
        for metric in intervals.get(run, {}).get(name, {})
    ]
    metrics = list(dict.fromkeys(metric for metric, *_ in rows))
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for metric, system, *values in sorted(rows, key=lambda row: metrics.index(row[0])):
        writer.writerow([system, metric, *values])
    return text.getvalue()
