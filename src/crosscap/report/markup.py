"""HTML from values: everything that comes from data is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

__all__ = ["cell", "definition", "element", "escape", "readable", "section", "table"]


def element(tag: str, *children: str, **attributes: str) -> str:
    """``<tag key="value">children</tag>``; children are HTML already, attribute values are escaped.

    A trailing underscore of an attribute's name is dropped (``class_``), other underscores become hyphens.
    """
    names = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{tag}{names}>{''.join(children)}</{tag}>"


def section(title: str, *children: str, note: str = "") -> str:
    """A titled section; ``note`` is text under the title."""
    identifier = "-".join(title.lower().split())
    lead = element("p", escape(note), class_="note") if note else ""
    return element("section", element("h2", escape(title)), lead, *children, id=identifier)


def readable(name: str) -> str:
    """``with_phase2`` → ``with phase 2``."""
    return name.replace("phase1", "phase 1").replace("phase2", "phase 2").replace("_", " ")


def cell(value: Any) -> str:
    """A table cell: numbers to the right with one decimal, nothing as a dash."""
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        return element("td", escape(str(value)))
    if value is None:
        return element("td", "–", class_="number empty")
    return element("td", f"{value:,}" if isinstance(value, int) else f"{value:.1f}", class_="number")


def table(columns: Sequence[str], rows: Iterable[tuple[str, Sequence[Any]]], best: bool = False) -> str:
    """A table of ``(row name, values)``.

    Args:
        columns: headings; the first one is that of the row names.
        best: mark the greatest number of each column.
    """
    rows = list(rows)
    head = element("tr", *(element("th", escape(name), scope="col") for name in columns))
    tops = [
        max((v for v in column if isinstance(v, float)), default=None)
        for column in zip(*(r for _, r in rows), strict=True)
    ]
    lines = []
    for name, values in rows:
        cells = [
            cell(value).replace('class="number"', 'class="number best"')
            if best and len(rows) > 1 and value is not None and value == top
            else cell(value)
            for value, top in zip(values, tops, strict=True)
        ]
        lines.append(element("tr", element("th", escape(name), scope="row"), *cells))
    body = element("table", element("thead", head), element("tbody", *lines))
    return element("div", body, class_="scroll")


def definition(values: Mapping[str, Any]) -> str:
    """Names and what they are, as a definition list."""
    items = "".join(element("dt", escape(readable(k))) + element("dd", escape(str(v))) for k, v in values.items())
    return element("dl", items)
