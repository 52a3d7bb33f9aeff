"""The filled tables, as values for JSON and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crosscap.ablation.orderings import Ordering, orderings, pairs_in_order
from crosscap.ablation.published import SHORT, TABLES, Row, Table
from crosscap.ablation.scores import Runs, Summary, scores_of

NOTHING = "—"
MARKS = {"holds": "✓", "holds within the spread": "(✓)", "fails within the spread": "(✗)", "fails": "✗"}
LEGEND = (
    "Scores times 100: mean ± standard deviation over seeds. Below each row the paper's numbers, of other data: what "
    "compares is who is better. Orderings: gain of the first over the second, seed by seed. ✓ as in the paper and "
    "further from 0 than one standard deviation over the seeds, (✓) as in the paper but not so far, or one seed; (✗) "
    "and ✗ the same against the paper. "
    f"{NOTHING} not run, or no such number."
)


def filled(runs: Runs) -> dict[str, Any]:
    """Key of each table → its rows and orderings, for JSON; numbers rounded to four places."""
    return {key: _values(table, runs) for key, table in TABLES.items()}


def markdown(title: str, runs: Runs) -> str:
    """All tables, columns aligned so that they read well as plain text."""
    parts = [f"# {title}", LEGEND]
    for key, table in TABLES.items():
        parts += [f"## {table.title}", _aligned(score_lines(table, runs))]
        lines = ordering_lines(table, runs)
        if len(lines) > 1:
            parts += [_aligned(lines), *_in_order(key, table, runs)]
    return "\n\n".join(parts) + "\n"


def score_lines(table: Table, runs: Runs) -> list[list[str]]:
    """Header, then two lines a row: ours and the paper's."""
    lines = [["", "", *(SHORT[metric] for metric in table.metrics)]]
    for row in shown(table, runs):
        summaries = [Summary.of(scores_of(row, metric, runs)) for metric in table.metrics]
        seeds = max(len(summary.seeds) for summary in summaries)
        signed = row.minus is not None
        ours = f"ours, {seeds} seed{'s' if seeds > 1 else ''}" if seeds else "ours"
        lines.append([row.name, ours, *(spread_cell(summary, signed) for summary in summaries)])
        if row.published:
            lines.append(["", "paper", *(number(value, signed) for value in row.published)])
    return lines


def ordering_lines(table: Table, runs: Runs) -> list[list[str]]:
    """Header, then a line for each claim whose two models were run."""
    found: dict[tuple[str, str], dict[str, Ordering]] = {}
    for ordering in orderings(table, runs):
        if ordering.verdict != "not run":
            found.setdefault((ordering.better, ordering.worse), {})[ordering.metric] = ordering
    lines = [["better in the paper", *(SHORT[metric] for metric in table.metrics)]]
    for (better, worse), by_metric in found.items():
        cells = [
            f"{spread_cell(by_metric[metric].gain, signed=True)} {MARKS[by_metric[metric].verdict]}"
            if metric in by_metric
            else NOTHING
            for metric in table.metrics
        ]
        lines.append([f"{better} > {worse}", *cells])
    return lines


def shown(table: Table, runs: Runs) -> Iterator[Row]:
    """The paper's rows, and further ones whose models were run."""
    return (row for row in table.rows if row.published or row.run in runs)


def number(value: float | None, signed: bool = False) -> str:
    return NOTHING if value is None else f"{value:+.1f}" if signed else f"{value:.1f}"


def spread_cell(summary: Summary, signed: bool = False) -> str:
    spread = "" if summary.spread is None else f" ± {summary.spread:.1f}"
    return number(summary.mean, signed) + spread


def _in_order(key: str, table: Table, runs: Runs) -> list[str]:
    counts = {SHORT[metric]: pairs_in_order(table, metric, runs) for metric in table.metrics}
    if max(pairs for _, pairs in counts.values()) < 2:
        return []
    told = ", ".join(f"{name} {same} of {pairs}" for name, (same, pairs) in counts.items())
    return [f"Pairs of {key}'s rows that our means put in the paper's order: {told}."]


def _values(table: Table, runs: Runs) -> dict[str, Any]:
    rows = []
    for row in shown(table, runs):
        summaries = {metric: Summary.of(scores_of(row, metric, runs)) for metric in table.metrics}
        rows.append(
            {
                "name": row.name,
                "run": row.run,
                "minus": row.minus,
                "sentences": row.sentences if row.run is not None else None,
                "paper": dict(zip(table.metrics, row.published, strict=True)) if row.published else None,
                "ours": {metric: _summary(summary) for metric, summary in summaries.items()},
            }
        )
    return {"title": table.title, "rows": rows, "orderings": list(map(_ordering, orderings(table, runs)))}


def _summary(summary: Summary) -> dict[str, Any]:
    return {"mean": _rounded(summary.mean), "spread": _rounded(summary.spread), "seeds": list(summary.seeds)}


def _ordering(ordering: Ordering) -> dict[str, Any]:
    return {
        "better": ordering.better,
        "worse": ordering.worse,
        "metric": ordering.metric,
        "paper": ordering.published,
        "ours": {
            **_summary(ordering.gain),
            "standard_error": _rounded(ordering.gain.error),
            "standard_deviations": _rounded(ordering.gain.deviations),
            "seeds_that_agree": ordering.agreeing,
        },
        "verdict": ordering.verdict,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    rows = ["| " + " | ".join(_padded(line, widths)) + " |" for line in lines]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([rows[0], rule, *rows[1:]])


def _padded(line: Sequence[str], widths: Iterable[int]) -> Iterator[str]:
    for text, width in zip(line, widths, strict=True):
        yield f"{text:<{width}}"
