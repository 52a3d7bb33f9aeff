"""HTML from values: everything that comes from data is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

__all__ = [
    "Remarked",
    "anchor",
    "cell",
    "definition",
    "element",
    "escape",
    "grouped_table",
    "readable",
    "section",
    "signed",
    "table",
]

Rows = Iterable[tuple[str, Sequence[Any]]]


@dataclass(frozen=True)
class Remarked:
    """A number, or text, with something small below it: its interval, say.

    Attributes:
        signed: a difference, shown with its sign.
        certain: False: shown paler, since it may be chance.
    """

    value: float | str
    remark: str
    signed: bool = False
    certain: bool = True


def element(tag: str, *children: str, **attributes: str) -> str:
    """``<tag key="value">children</tag>``; children are HTML already, attribute values are escaped.

    A trailing underscore of an attribute's name is dropped (``class_``), other underscores become hyphens.
    """
    names = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{tag}{names}>{''.join(children)}</{tag}>"


def section(title: str, *children: str, note: str = "") -> str:
    """A titled section; ``note`` is text under the title."""
    lead = element("p", escape(note), class_="note") if note else ""
    return element("section", element("h2", escape(title)), lead, *children, id=anchor(title))


def anchor(title: str) -> str:
    """What the address of a section ends in: ``Stage scores`` → ``stage-scores``."""
    return "-".join(title.lower().split())


def readable(name: str) -> str:
    """``with_phase2`` → ``with phase 2``."""
    return name.replace("phase1", "phase 1").replace("phase2", "phase 2").replace("_", " ")


def cell(value: Any) -> str:
    """A table cell: numbers to the right with one decimal, nothing as a dash."""
    if isinstance(value, Remarked):
        if isinstance(value.value, str):
            return element("td", escape(value.value), element("small", escape(value.remark)))
        number = signed(value.value) if value.signed else f"{value.value:.1f}"
        kind = "number" if value.certain else "number uncertain"
        return element("td", number, element("small", escape(value.remark)), class_=kind)
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        return element("td", escape(str(value)))
    if value is None:
        return element("td", "–", class_="number empty")
    return element("td", f"{value:,}" if isinstance(value, int) else f"{value:.1f}", class_="number")


def signed(value: float) -> str:
    """A difference with its sign, and none where it is nothing.

    >>> signed(1.25), signed(-2.0), signed(-0.01)
    ('+1.2', '−2.0', '0.0')
    """
    text = f"{value:+.1f}"
    return text.replace("-", "−") if float(text) else text[1:]


def table(columns: Sequence[str], rows: Rows) -> str:
    """A table of ``(row name, values)``; ``columns`` are its headings, the first one that of the row names."""
    return grouped_table(columns, [("", rows)])


def grouped_table(columns: Sequence[str], groups: Iterable[tuple[str, Rows]]) -> str:
    """The same in groups of rows, each under its title if that is not empty; a group of no rows is left out."""
    bodies = []
    for title, rows in groups:
        lines = [
            element("tr", element("th", escape(name), scope="row"), *(cell(value) for value in values))
            for name, values in rows
        ]
        if lines and title:
            heading = element(
                "th", element("span", escape(title)), scope="rowgroup", colspan=str(len(columns)), class_="group"
            )
            lines.insert(0, element("tr", heading))
        if lines or not title:
            bodies.append(element("tbody", *lines))
    head = element("tr", *(element("th", escape(name), scope="col") for name in columns))
    # Focusable, so that a table wider than the window scrolls by keyboard as well.
    return element("div", element("table", element("thead", head), *bodies), class_="scroll", tabindex="0")


def definition(values: Mapping[str, Any]) -> str:
    """Names and what they are, as a definition list."""
    items = "".join(element("dt", escape(readable(k))) + element("dd", escape(str(v))) for k, v in values.items())
    return element("dl", items)
