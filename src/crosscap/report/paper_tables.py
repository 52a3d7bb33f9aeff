"""UNISON's tables with the scores of the models that were run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscap.ablation.layout import Cell, Lines, gain_lines, legend, score_lines, summary_notes
from crosscap.report.markup import Remarked, element, escape, table


def paper_tables(tables: Mapping[str, Any]) -> str:
    """``reports/tables/T.json`` as HTML; a table of which nothing was run is left out."""
    parts = [element("p", escape(legend(tables)), class_="note")]
    for values in tables.values():
        if all(row["ours"] is None for row in values["rows"]):
            continue
        parts += [element("h3", escape(values["title"])), _table(score_lines(values))]
        gains = gain_lines(values)
        if len(gains) > 1:
            parts.append(_table(gains))
        if notes := summary_notes(values):
            parts.append(element("p", escape(" ".join(notes)), class_="note"))
    return element("details", element("summary", "Tables 2 to 5 and 7 of UNISON, ours and the paper's"), *parts)


def _table(lines: Lines) -> str:
    """Intervals below their scores."""
    header, *rows = lines
    cells = ((name.text, [_unbroken(each) for each in row]) for name, *row in rows)
    return table([cell.text for cell in header], cells)


def _unbroken(cell: Cell) -> Remarked | str:
    """A mean with its interval stays on one line with its spread and mark."""
    return Remarked(cell.text.replace(" ", "\u00a0"), cell.interval) if cell.interval else cell.text
