"""The filled tables as lines of cells, in the paper's shape, and as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from crosscap.ablation.published import SHORT

NOTHING = "—"
MARKS = {"holds": "✓", "holds within the spread": "(✓)", "fails within the spread": "(✗)", "fails": "✗"}


class Cell(NamedTuple):
    """What stands in a table, and below it its interval, if it has one."""

    text: str
    interval: str = ""


Lines = list[list[Cell]]


def legend(tables: Mapping[str, Any]) -> str:
    """What the numbers and marks of all of `crosscap.ablation.results.filled` mean."""
    plan = next(iter(tables.values()))["resampling"]
    return (
        "Scores times 100: mean ± standard deviation over seeds (what another training gives); below it the "
        f"{percent(tables)} interval of the mean over test images or held-out pairs, by {plan['samples']:,} bootstrap "
        "samples (what other images give these models), then the paper's numbers. Those are of other data, so what "
        "compares is which row is better. Gains are taken seed by seed and, for the interval, on the same images: ✓ as "
        "in the paper, and the mean is further from 0 than one standard deviation; (✓) as in the paper but nearer, or "
        f"one seed; ✗ and (✗) likewise, against the paper. {NOTHING} not run, or no difference in the paper."
    )


def percent(tables: Mapping[str, Any]) -> str:
    """The confidence of the intervals."""
    return f"{100 * next(iter(tables.values()))['resampling']['confidence']:g} %"


def markdown(title: str, tables: Mapping[str, Any]) -> str:
    """All of `crosscap.ablation.results.filled`, columns aligned so that they read well as plain text."""
    parts = [f"# {title}", legend(tables)]
    name = percent(tables)
    for values in tables.values():
        parts += [f"## {values['title']}", _aligned(_unfolded(score_lines(values), ["", name]))]
        gains = gain_lines(values)
        if len(gains) > 1:
            parts.append(_aligned(_unfolded(gains, [name])))
        if notes := summary_notes(values):
            parts.append(" ".join(notes))
    return "\n\n".join(parts) + "\n"


def score_lines(values: Mapping[str, Any]) -> Lines:
    """Header, then two lines a row of the table: ours and the paper's."""
    metrics = values["metrics"]
    lines = [_texts("", "", *(SHORT[metric] for metric in metrics))]
    for row in values["rows"]:
        signed, ours = row["minus"] is not None, row["ours"]
        if ours is None:
            lines.append(_texts(row["name"], "ours", *(NOTHING for _ in metrics)))
        else:
            seeds = max(len(ours[metric]["seeds"]) for metric in metrics)
            whose = f"ours, {seeds} seed{'s' if seeds > 1 else ''}"
            lines.append([*_texts(row["name"], whose), *(_score(ours[metric], signed) for metric in metrics)])
        if row["paper"] is not None:
            lines.append(_texts("", "paper", *(_number(row["paper"][metric], signed) for metric in metrics)))
    return lines


def gain_lines(values: Mapping[str, Any]) -> Lines:
    """Header, then a line for each of the paper's orderings whose two models were run."""
    found: dict[str, dict[str, Cell]] = {}
    for ordering in values["orderings"]:
        cell = _score(ordering["ours"], signed=True)
        marked = cell._replace(text=f"{cell.text} {MARKS[ordering['verdict']]}")
        found.setdefault(f"{ordering['better']} > {ordering['worse']}", {})[ordering["metric"]] = marked
    header = _texts("gain", *(SHORT[metric] for metric in values["metrics"]))
    rows = ([Cell(name), *(cells.get(m, Cell(NOTHING)) for m in values["metrics"])] for name, cells in found.items())
    return [header, *rows]


def summary_notes(values: Mapping[str, Any]) -> list[str]:
    """How many gains have which mark, and how many pairs of rows stand in the paper's order; empty without gains."""
    counts = Counter(MARKS[ordering["verdict"]] for ordering in values["orderings"])
    if not counts:
        return []
    marks = ", ".join(f"{counts[mark]} {mark}" for mark in MARKS.values())
    notes = [f"{counts.total()} gains: {marks}."]
    pairs = values["pairs_in_order"]
    if max(total for _, total in pairs.values()) > 1:
        told = ", ".join(f"{SHORT[metric]} {same} of {total}" for metric, (same, total) in pairs.items())
        notes.append(f"Pairs of rows that our means put in the paper's order: {told}.")
    return notes


def _score(summary: Mapping[str, Any], signed: bool) -> Cell:
    spread = "" if summary["spread"] is None else f" ± {summary['spread']:.1f}"
    bounds = summary["interval"]
    dash = "…" if signed else "–"
    return Cell(
        _number(summary["mean"], signed) + spread,
        "" if bounds is None else dash.join(_number(bound, signed) for bound in bounds),
    )


def _number(value: float | None, signed: bool) -> str:
    return NOTHING if value is None else f"{value:+.1f}" if signed else f"{value:.1f}"


def _texts(*texts: str) -> list[Cell]:
    return [Cell(text) for text in texts]


def _unfolded(lines: Lines, head: Sequence[str]) -> list[list[str]]:
    """Intervals as lines of their own, which begin with ``head``."""
    found = []
    for line in lines:
        found.append([cell.text for cell in line])
        if any(cell.interval for cell in line):
            found.append([*head, *(cell.interval for cell in line[len(head) :])])
    return found


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = [
        "| " + " | ".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([rows[0], rule, *rows[1:]])
