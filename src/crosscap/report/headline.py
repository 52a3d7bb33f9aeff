"""The headline table: this run's scores with their intervals, and the paper's numbers, which are of other data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crosscap.ablation.published import TABLES, Row, Table
from crosscap.report.markup import definition, element, grouped_table, readable
from crosscap.report.order import METRICS, SETS, ordered
from crosscap.report.significance import interval_note, with_interval
from crosscap.systems.unison.run_name import RunName

RESULTS = ("without_phase2", "with_phase2")
SET_NAMES = {"gold_graphs": "from gold graphs", "shuffled": "shuffled"}
PAPER = "UNISON as published (Gao et al., AAAI 2022): other data, images of COCO-CN, so no score to reach"

Scores = Mapping[str, float | None]


def headline(metrics: Mapping[str, Mapping[str, Any]], significance: Mapping[str, Any]) -> str:
    """A row a variant and caption set, a column a metric of which there is a score; the paper's rows by themselves.

    Args:
        metrics: variant → content of ``reports/metrics/T_V.json``.
        significance: content of ``reports/significance/T.json``.
    """
    results: list[tuple[str, str, str, Scores]] = []
    controls: list[tuple[str, str, str, Scores]] = []
    images = 0
    for variant, content in metrics.items():
        sets = content.get("captions", {})
        images = max(images, content.get("counts", {}).get("images", 0))
        for name in ordered(sets, SETS):
            group = results if name in RESULTS else controls
            group.append((f"{variant}: {SET_NAMES.get(name, readable(name))}", variant, name, sets[name]))
        if isinstance(content.get("text"), Mapping):
            controls.append((f"{variant}: held-out sentences", variant, "text", content["text"]))
    paper = list(_published(list(metrics)))
    known = [scores for *_, scores in (*results, *controls)]
    columns = ordered((name for scores in known for name, score in scores.items() if score is not None), METRICS)

    def ours(rows: Sequence[tuple[str, str, str, Scores]]) -> list[tuple[str, list[Any]]]:
        return [
            (title, [with_interval(significance, run, set, name, scores.get(name)) for name in columns])
            for title, run, set, scores in rows
        ]

    groups = [
        (f"This project, {images:,} test images", ours(results)),
        ("For comparison, no system's result", ours(controls)),
        (PAPER, [(title, [scores.get(name) for name in columns]) for title, scores in paper]),
    ]
    return grouped_table(["", *columns], groups) + interval_note(significance)


def metrics_notes(content: Mapping[str, Any]) -> str:
    """How the scores were computed, and why one is missing."""
    how = {key: _flat(value) for key, value in content.get("how", {}).items()}
    counts = {key: f"{value:,}" for key, value in content.get("counts", {}).items()}
    missing = {f"no {name}": reason for name, reason in content.get("missing", {}).items()}
    return element("details", element("summary", "How these were computed"), definition({**counts, **how, **missing}))


def _published(variants: Sequence[str]) -> Iterator[tuple[str, Scores]]:
    """The paper's rows of the models that were run, with captions of pictures; then those of other systems."""
    runs = dict.fromkeys(str(replace(RunName.parse(name), seed=None)) for name in variants)
    for run in runs:
        for key in ("T5", "T2"):
            found = [row for row in TABLES[key].rows if row.run == run and row.published]
            if found:  # table 2 repeats table 5's
                yield from ((f"{row.name} (table {key[1]})", _scores(TABLES[key], row)) for row in found)
                break
    for row in TABLES["T2"].rows:
        if row.run is None:
            yield f"{row.name} (table 2)", _scores(TABLES["T2"], row)


def _scores(table: Table, row: Row) -> Scores:
    return dict(zip(table.metrics, row.published, strict=True))


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {entry}" for key, entry in value.items())
    return str(value)
