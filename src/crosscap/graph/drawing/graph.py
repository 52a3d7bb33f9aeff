"""Scene graphs as SVG: a box an object with its attributes inside, a labelled arrow a relation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from crosscap.graph.drawing.layout import Item, Layout, place
from crosscap.graph.drawing.marks import mark
from crosscap.graph.drawing.svg import NAME_SIZE, SMALL_SIZE, Drawing, document, text_width, written
from crosscap.graph.scene_graph import Relation, SceneGraph

PADDING = 10.0
LINE = 17.0
ATTRIBUTE_WIDTH = 24  # characters of a line of attributes
SHELF_WIDTH = 640.0  # pixels; isolated objects stand in rows of at least this width
GAP = 14.0
BADGE = 9.0  # pixels between the sides of a number and of its badge, together


def graph_drawing(graph: SceneGraph) -> str:
    """``graph`` as one ``<svg>`` element, complete in itself; its size in pixels follows the graph.

    Equal graphs give equal bytes. An empty graph gives a small drawing that says so.
    """
    return document(graph_marks(graph), spoken(graph))


def graph_marks(graph: SceneGraph, numbered: bool = False) -> Drawing:
    """What `graph_drawing` puts into its document.

    Args:
        numbered: give each object its number and `crosscap.graph.drawing.marks.mark`.
    """
    nodes = [_Node.of(graph, row, numbered) for row in range(len(graph.objects))]
    boxes = [node.size for node in nodes]
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
            [(text_width(predicate, SMALL_SIZE) + 12, LINE + 3) for _, predicate, _ in part.relations],
        )
        for item in layout.items:
            item.y += height
        marks += [mark for path in layout.paths for mark in _edge(layout, path)]
        for (_, predicate, _), label in zip(part.relations, layout.labels, strict=True):
            item = layout.items[label]
            marks += [_rectangle(item, "label", 9), written(predicate, item.x, item.y, "predicate")]
        for row in part.objects:
            marks += nodes[row].marks(layout.items[rows[row]])
        width, height = max(width, layout.width), height + layout.height + 2 * GAP
    for row, item in zip(alone, _shelf([boxes[row] for row in alone], width, height), strict=True):
        marks += nodes[row].marks(item)
        width, height = max(width, item.x + item.width / 2), max(height, item.y + item.height / 2 + 2 * GAP)
    height -= 2 * GAP
    if not graph.objects:
        width, height = 120.0, LINE
        marks.append(written("(nothing)", width / 2, height / 2, "predicate"))
    return Drawing("".join(marks), width, height)


def spoken(graph: SceneGraph) -> str:
    """What a screen reader says."""
    names = graph.objects
    parts = [f"{name} {names[owner]}" for owner, name in graph.attributes]
    parts += [f"{names[subject]} {predicate} {names[other]}" for subject, predicate, other in graph.relations]
    return f"Scene graph of {len(names)} objects: " + "; ".join(parts or names)


class _Node(NamedTuple):
    """An object as it is drawn: its name, under it its attributes, and its row where the drawing is numbered."""

    name: str
    lines: list[str]
    row: int | None

    @classmethod
    def of(cls, graph: SceneGraph, row: int, numbered: bool) -> _Node:
        return cls(graph.objects[row], _attribute_lines(graph, row), row if numbered else None)

    @property
    def size(self) -> tuple[float, float]:
        widest = max([text_width(self.name, NAME_SIZE * 1.08), *(text_width(line, SMALL_SIZE) for line in self.lines)])
        return widest + 2 * PADDING + self._badge(), LINE * (1 + len(self.lines)) + PADDING

    def marks(self, item: Item) -> list[str]:
        badge = self._badge()
        x, first = item.x + badge / 2, item.y - LINE * len(self.lines) / 2
        style = "" if self.row is None else mark(self.row).stroke
        marks = [_rectangle(item, "object", 7, style)]
        if self.row is not None:
            colour, ink, _ = mark(self.row)
            left = item.x - item.width / 2
            top, bottom = item.y - item.height / 2, item.y + item.height / 2
            # Square where it meets the name, round as the node elsewhere.
            marks.append(
                f'<path style="fill:{colour}" d="M{left + badge:.1f} {top:.1f}V{bottom:.1f}H{left + 7:.1f}'
                f'q-7 0 -7 -7V{top + 7:.1f}q0 -7 7 -7z"/>'
            )
            marks.append(written(str(self.row + 1), left + badge / 2, item.y, "tag", ink))
        marks.append(written(self.name, x, first, "name"))
        return marks + [written(line, x, first + LINE * (at + 1), "attribute") for at, line in enumerate(self.lines)]

    def _badge(self) -> float:
        return 0.0 if self.row is None else text_width(str(self.row + 1), SMALL_SIZE) + BADGE


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


def _rectangle(item: Item, kind: str, radius: float, style: str = "") -> str:
    x, y = item.x - item.width / 2, item.y - item.height / 2
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{item.width:.1f}" '
        f'height="{item.height:.1f}" rx="{radius:g}" {style}/>'
    )


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
