"""Scene graphs as SVG: a box an object with its attributes inside, a labelled arrow a relation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple
from xml.sax.saxutils import escape

from crosscap.graph.layout import Item, Layout, place
from crosscap.graph.scene_graph import Relation, SceneGraph

NAME_SIZE, SMALL_SIZE = 14.0, 12.0  # font sizes in pixels
PADDING, MARGIN = 10.0, 12.0
LINE = 17.0
ATTRIBUTE_WIDTH = 24  # characters of a line of attributes
SHELF_WIDTH = 640.0  # pixels; isolated objects stand in rows of at least this width
GAP = 14.0
# Colours are variables, so that a page can bring its own (dark) ones.
STYLE = (
    ".scene-graph text{font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif;text-anchor:middle;"
    "dominant-baseline:central;fill:var(--graph-ink,#1c2733)}"
    f".scene-graph .name{{font-size:{NAME_SIZE:g}px;font-weight:600}}"
    f".scene-graph .attribute{{font-size:{SMALL_SIZE:g}px;fill:var(--graph-attribute,#8a4b08)}}"
    f".scene-graph .predicate{{font-size:{SMALL_SIZE:g}px;font-style:italic}}"
    ".scene-graph .object{fill:var(--graph-object,#e8f1fb);stroke:var(--graph-line,#4a7fb5)}"
    ".scene-graph .label{fill:var(--graph-paper,#ffffff);stroke:var(--graph-edge,#8593a1);stroke-width:.8}"
    ".scene-graph .edge{fill:none;stroke:var(--graph-edge,#8593a1);stroke-width:1.4}"
    ".scene-graph .head{fill:var(--graph-edge,#8593a1)}"
    ".scene-graph .paper{fill:var(--graph-paper,#ffffff)}"
)


def graph_drawing(graph: SceneGraph) -> str:
    """``graph`` as one ``<svg>`` element, complete in itself; its size in pixels follows the graph.

    Equal graphs give equal bytes. An empty graph gives a small drawing that says so.
    """
    lines = [_attribute_lines(graph, row) for row in range(len(graph.objects))]
    boxes = [_box(name, lines[row]) for row, name in enumerate(graph.objects)]
    marks: list[str] = []
    width = height = 0.0
    alone: list[int] = []
    for part in _components(graph):
        if not part.relations:
            alone += part.objects
            continue
        rows = {old: new for new, old in enumerate(part.objects)}
        layout = place(
            [boxes[row] for row in part.objects],
            [(rows[subject], rows[other]) for subject, _, other in part.relations],
            [(_width(predicate, SMALL_SIZE) + 12, LINE + 3) for _, predicate, _ in part.relations],
        )
        for item in layout.items:
            item.y += height
        marks += [mark for path in layout.paths for mark in _edge(layout, path)]
        for (_, predicate, _), label in zip(part.relations, layout.labels, strict=True):
            item = layout.items[label]
            marks += [_rectangle(item, "label", 9), _text(predicate, item.x, item.y, "predicate")]
        for row in part.objects:
            marks += _object(graph.objects[row], lines[row], layout.items[rows[row]])
        width, height = max(width, layout.width), height + layout.height + 2 * GAP
    for row, item in zip(alone, _shelf([boxes[row] for row in alone], width, height), strict=True):
        marks += _object(graph.objects[row], lines[row], item)
        width, height = max(width, item.x + item.width / 2), max(height, item.y + item.height / 2 + 2 * GAP)
    height -= 2 * GAP
    if not graph.objects:
        width, height = 120.0, LINE
        marks.append(_text("(nothing)", width / 2, height / 2, "predicate"))
    return _svg(graph, marks, width, height)


def _svg(graph: SceneGraph, marks: Sequence[str], width: float, height: float) -> str:
    outer, upper = width + 2 * MARGIN, height + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="scene-graph" role="img" '
        f'aria-label="{_safe(_spoken(graph))}" width="{outer:.0f}" height="{upper:.0f}" '
        f'viewBox="{-MARGIN:g} {-MARGIN:g} {outer:.1f} {upper:.1f}"><style>{STYLE}</style>'
        f'<rect class="paper" x="{-MARGIN:g}" y="{-MARGIN:g}" width="{outer:.1f}" height="{upper:.1f}"/>'
        + "".join(marks)
        + "</svg>"
    )


def _spoken(graph: SceneGraph) -> str:
    """What a screen reader says."""
    names = graph.objects
    parts = [f"{name} {names[owner]}" for owner, name in graph.attributes]
    parts += [f"{names[subject]} {predicate} {names[other]}" for subject, predicate, other in graph.relations]
    return f"Scene graph of {len(names)} objects: " + "; ".join(parts or names)


def _attribute_lines(graph: SceneGraph, row: int) -> list[str]:
    """The attributes of one object, wrapped."""
    found: list[str] = []
    for owner, name in graph.attributes:
        if owner != row:
            continue
        if found and len(found[-1]) + len(name) + 2 <= ATTRIBUTE_WIDTH:
            found[-1] += f", {name}"
        else:
            found.append(name)
    return found


def _width(text: str, size: float) -> float:
    """Estimated width in pixels: Latin letters are half as wide as high, a little more for safety; others as wide."""
    return sum(0.62 if character.isascii() else 1.05 for character in text) * size


def _box(name: str, lines: Sequence[str]) -> tuple[float, float]:
    widest = max([_width(name, NAME_SIZE * 1.08), *(_width(line, SMALL_SIZE) for line in lines)])
    return widest + 2 * PADDING, LINE * (1 + len(lines)) + PADDING


def _object(name: str, lines: Sequence[str], item: Item) -> list[str]:
    first = item.y - LINE * len(lines) / 2
    marks = [_rectangle(item, "object", 7), _text(name, item.x, first, "name")]
    return marks + [_text(line, item.x, first + LINE * (at + 1), "attribute") for at, line in enumerate(lines)]


def _rectangle(item: Item, kind: str, radius: float) -> str:
    x, y = item.x - item.width / 2, item.y - item.height / 2
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{item.width:.1f}" '
        f'height="{item.height:.1f}" rx="{radius:g}"/>'
    )


def _text(text: str, x: float, y: float, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{_safe(text)}</text>'


def _safe(text: str) -> str:
    """Escaped, and without the control characters that XML forbids."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text), {'"': "&quot;"})


def _edge(layout: Layout, path: Sequence[int]) -> list[str]:
    """Curves from item to item, with an arrow head at the last."""
    marks = []
    items = layout.items
    for at, (one, two) in enumerate(pairwise(path)):
        start, end = items[one], items[two]
        last = at == len(path) - 2
        way = 1 if start.column <= end.column else -1
        # A loop, or two objects of one column, leave and enter on the same side.
        same = path[0] == path[-1]
        x0, x1 = start.x + way * start.width / 2, end.x - way * end.width / 2
        y0, y1 = start.y + (-5 if same else 0), end.y + (-5 if same else 0)
        if same and last:
            y0, y1 = start.y + 5, end.y + 5
        tip = x1 - way * 7 if last else x1
        bend = way * abs(tip - x0) / 2
        marks.append(
            f'<path class="edge" d="M{x0:.1f} {y0:.1f}C{x0 + bend:.1f} {y0:.1f} {tip - bend:.1f} {y1:.1f} '
            f'{tip:.1f} {y1:.1f}"/>'
        )
        if last:
            marks.append(f'<path class="head" d="M{x1:.1f} {y1:.1f}l{-way * 9} -4.5v9z"/>')
    return marks


def _shelf(sizes: Sequence[tuple[float, float]], width: float, top: float) -> list[Item]:
    """Objects without relations, in rows from ``top`` on."""
    limit = max(width, SHELF_WIDTH)
    items, x, tallest = [], 0.0, 0.0
    for box_width, box_height in sizes:
        if x and x + box_width > limit:
            x, top, tallest = 0.0, top + tallest + GAP, 0.0
        items.append(Item(box_width, box_height, x=x + box_width / 2, y=top + box_height / 2))
        x, tallest = x + box_width + GAP, max(tallest, box_height)
    return items


class _Component(NamedTuple):
    objects: list[int]
    relations: list[Relation]


def _components(graph: SceneGraph) -> list[_Component]:
    """The connected parts of ``graph``, by their first object."""
    part_of = [_Component([row], []) for row in range(len(graph.objects))]
    for subject, _, other in graph.relations:
        one, two = part_of[subject], part_of[other]
        if one is not two:
            one.objects.extend(two.objects)
            for row in two.objects:
                part_of[row] = one
    for relation in graph.relations:
        part_of[relation[0]].relations.append(relation)
    parts = {id(part): part for part in part_of}
    return [_Component(sorted(part.objects), part.relations) for part in parts.values()]
