"""What all drawings share: the document around them, its style, text that is safe and fits."""

from __future__ import annotations

from typing import NamedTuple
from xml.sax.saxutils import escape

NAME_SIZE, SMALL_SIZE = 14.0, 12.0  # font sizes in pixels
MARGIN = 12.0
LONGEST_NAME = 40  # characters
FONTS = "system-ui,'Segoe UI',Helvetica,Arial,'Noto Sans','DejaVu Sans','Liberation Sans',sans-serif"
# Colours are variables, so that a page can bring its own (dark) ones.
STYLE = (
    f".scene-graph text{{font-family:{FONTS};text-anchor:middle;fill:var(--graph-ink,#1c2733)}}"
    f".scene-graph .name{{font-size:{NAME_SIZE:g}px;font-weight:600}}"
    f".scene-graph .attribute{{font-size:{SMALL_SIZE:g}px;fill:var(--graph-attribute,#8a4b08)}}"
    f".scene-graph .predicate{{font-size:{SMALL_SIZE:g}px;font-style:italic}}"
    f".scene-graph .tag{{font-size:{SMALL_SIZE:g}px;font-weight:600}}"
    ".scene-graph .object{fill:var(--graph-object,#e8f1fb);stroke:var(--graph-line,#4a7fb5)}"
    ".scene-graph .label{fill:var(--graph-paper,#ffffff);stroke:var(--graph-edge,#8593a1);stroke-width:.8}"
    ".scene-graph .edge{fill:none;stroke:var(--graph-edge,#8593a1);stroke-width:1.4}"
    ".scene-graph .head{fill:var(--graph-edge,#8593a1)}"
    ".scene-graph .paper{fill:var(--graph-paper,#ffffff)}"
    ".scene-graph .box,.scene-graph .leader{fill:none;stroke-width:2.2}"
    ".scene-graph .halo{fill:none;stroke:#ffffff;stroke-opacity:.75;stroke-width:4.6}"
)


class Drawing(NamedTuple):
    """SVG elements that fill ``width`` x ``height`` pixels from (0, 0)."""

    marks: str
    width: float
    height: float


def document(drawing: Drawing, spoken: str, margin: float = MARGIN) -> str:
    """``drawing`` as one ``<svg>`` element, complete in itself.

    Args:
        spoken: what a screen reader says.
        margin: pixels of paper around it.
    """
    width, height = drawing.width + 2 * margin, drawing.height + 2 * margin
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="scene-graph" role="img" aria-label="{safe(spoken)}" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="{-margin:g} {-margin:g} {width:.1f} {height:.1f}">'
        f"<style>{STYLE}</style>"
        f'<rect class="paper" x="{-margin:g}" y="{-margin:g}" width="{width:.1f}" height="{height:.1f}"/>'
        f"{drawing.marks}</svg>"
    )


def moved(drawing: Drawing, x: float, y: float) -> str:
    """The elements of ``drawing``, placed elsewhere."""
    return f'<g transform="translate({x:.1f} {y:.1f})">{drawing.marks}</g>'


def written(text: str, x: float, y: float, kind: str, ink: str = "") -> str:
    """``text`` centred on (x, y); ``ink``: a colour other than that of its kind."""
    # Not every renderer knows dominant-baseline: capitals are 0.7 of the size high.
    lower = y + 0.35 * (NAME_SIZE if kind == "name" else SMALL_SIZE)
    style = f' style="fill:{ink}"' if ink else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{lower:.1f}"{style}>{safe(short(text))}</text>'


def short(text: str) -> str:
    """At most `LONGEST_NAME` characters; what is cut shows."""
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def text_width(text: str, size: float) -> float:
    """Estimated width in pixels: Latin letters are half as wide as high, a little more for safety; others as wide."""
    return sum(0.62 if character.isascii() else 1.05 for character in short(text)) * size


def safe(text: str) -> str:
    """Escaped, and without the control characters that XML forbids."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text), {'"': "&quot;"})
