"""Tables and charts of one target language: stages, relations, the corpus filter, training."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.evaluation.relation_table import RECALLS, SETTINGS, SYSTEMS, TASKS
from crosscap.report.charts import Points, bar_chart, line_chart
from crosscap.report.markup import definition, element, escape, grouped_table, readable, table
from crosscap.report.significance import bounded, chance_note


def stage_table(scores: Mapping[str, Any], chance: Mapping[str, Any]) -> str:
    """Nested ``{stage: {score: number or null}}``, a group of rows a stage; why a group is missing below it.

    Args:
        chance: content of `read_chance`; the intervals have the keys of the scores.
    """
    bounds = {stage: dict(_leaves(values)) for stage, values in chance["intervals"].items()}
    groups = [
        (
            readable(stage),
            [(readable(name), [bounded(value, bounds.get(stage, {}).get(name))]) for name, value in _leaves(values)],
        )
        for stage, values in scores.items()
        if stage != "missing" and isinstance(values, Mapping)
    ]
    notes = {f"no {readable(name)}": reason for name, reason in scores.get("missing", {}).items()}
    missing = definition(notes) if notes else ""
    return grouped_table(["", "score"], groups) + chance_note(chance, "pictures, sentences, pairs and words") + missing


def relation_table(scores: Mapping[str, Any], chance: Mapping[str, Any]) -> str:
    """``reports/metrics/stages_relations.json``: a row a task, setting and system; or why there are no scores."""
    if scores["missing"]:
        return definition({f"no {readable(name)}": reason for name, reason in scores["missing"].items()})
    rows = []
    for task, setting, system in product(TASKS, SETTINGS, SYSTEMS):
        bounds = chance["intervals"].get(task, {}).get(system, {}).get(setting, {})
        cells = [bounded(scores[task][system][setting][name], bounds.get(name)) for name in RECALLS]
        rows.append((f"{task}, {SETTINGS[setting]}: {SYSTEMS[system]}", cells))
    return table(["", *RECALLS], rows) + chance_note(chance, "the pictures")


def funnel_chart(funnel: Mapping[str, Any]) -> str:
    """Pairs left after each rule, how they are split, and examples of what each rule dropped."""
    bars = [("all pairs", float(funnel["pairs"]), f"{funnel['pairs']:,}")]
    examples = []
    for row in funnel["rules"]:
        sides = ", ".join(f"{side} {count:,}" for side, count in row.get("sides", {}).items() if count)
        text = f"{row['left']:,}  (−{row['dropped']:,}{f': {sides}' if sides else ''})"
        bars.append((readable(row["rule"]), float(row["left"]), text))
        items = (
            element("li", element("span", escape(e["source"])), " · ", element("span", escape(e["target"])))
            for e in row.get("examples", ())
        )
        if row.get("examples"):
            examples.append(element("h4", escape(readable(row["rule"]))) + element("ul", *items))
    folded = element("details", element("summary", "What the rules dropped"), *examples) if examples else ""
    parts = (name for name in ("train", "val", "test") if name in funnel["splits"])
    splits = ", ".join(f"{funnel['splits'][name]:,} {name}" for name in parts)
    note = element("p", f"Kept pairs by split: {splits}.", class_="note") if splits else ""
    return bar_chart("Pairs left after each rule", bars) + note + folded


def training_charts(path: str | Path) -> str:
    """A chart for each column of a ``history.csv``; ``val_X`` is drawn with ``X``."""
    columns = read_history(path)
    charts = []
    for name, points in columns.items():
        if name.startswith("val_") and name.removeprefix("val_") in columns:
            continue
        series = {"training": points}
        if f"val_{name}" in columns:
            series["validation"] = columns[f"val_{name}"]
        charts.append(line_chart(readable(name), series))
    return element("div", *charts, class_="charts")


def read_history(path: str | Path) -> dict[str, Points]:
    """Column → points ``(step, value)``; empty fields are left out.

    Raises:
        InputError: missing, no column ``step``, or a field that is no number.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise InputError(path, "no such file", "a CSV table with a column 'step'") from None
    reader = csv.DictReader(lines)
    names: Sequence[str] = reader.fieldnames or ()
    if "step" not in names:
        raise InputError(path, f"columns {list(names)}", "a column 'step'", record=1)
    columns: dict[str, list[tuple[float, float]]] = {name: [] for name in names if name != "step"}
    for number, row in enumerate(reader, 2):
        try:
            for name, points in columns.items():
                if row[name]:
                    points.append((float(row["step"]), float(row[name])))
        except (ValueError, TypeError):
            raise InputError(path, repr(row[name]), f"a number in column {name!r}", record=number) from None
    return {name: points for name, points in columns.items() if points}


def _leaves(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Scores are fractional, whole numbers count something: `cell` writes them so."""
    leaves: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            leaves += _leaves(value, f"{prefix}{name} ")
        else:
            leaves.append((f"{prefix}{name}", value))
    return leaves
