"""Places a scene graph in columns: subjects left of their objects, every relation's label in a column between.

A relation is an item like an object, so labels can no more collide than boxes can; a relation over several columns
passes through empty items that keep its way free. Small graphs only: a sentence or an image, not a knowledge base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SWEEPS = 12
COLUMN_GAP, ROW_GAP = 22.0, 14.0


@dataclass
class Item:
    """A box to be placed: an object, a relation's label, or (without size) a way between columns.

    Attributes:
        width, height: in pixels.
        column: counted from the left; objects stand in even ones, labels and ways in any.
        x, y: centre, in pixels.
        before, after: rows of the neighbouring items in the columns left and right.
    """

    width: float
    height: float
    column: int = 0
    x: float = 0.0
    y: float = 0.0
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)


@dataclass
class Layout:
    """``items``: the N objects first, then labels and ways; ``paths[r]``: items of relation r, subject to object;
    ``labels[r]``: the item of its label; ``width`` and ``height`` of everything, in pixels."""

    items: list[Item]
    paths: list[list[int]]
    labels: list[int]
    width: float = 0.0
    height: float = 0.0


def place(
    sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]], label_sizes: Sequence[tuple[float, float]]
) -> Layout:
    """Place N boxes of ``sizes`` and the labels of ``edges`` between them.

    Args:
        sizes: N pairs width, height.
        edges: R pairs of boxes, from and to; loops and cycles are allowed.
        label_sizes: R pairs width, height.
    """
    items = [Item(width, height) for width, height in sizes]
    ranks = _ranks(len(sizes), edges)
    for item, rank in zip(items, ranks, strict=True):
        item.column = 2 * rank
    layout = Layout(items, [], [])
    for (start, end), (width, height) in zip(edges, label_sizes, strict=True):
        _add_path(layout, start, end, width, height)
    columns = _ordered(items)
    _place_rows(items, columns)
    _place_columns(items, columns)
    layout.width = max((item.x + item.width / 2 for item in items), default=0.0)
    layout.height = max((item.y + item.height / 2 for item in items), default=0.0)
    return layout


def _ranks(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Longest way from a box without edges into it; the edge that closes a cycle is left out."""
    after: list[list[int]] = [[] for _ in range(count)]
    into = [0] * count
    for start, end in edges:
        if start != end:
            after[start].append(end)
            into[end] += 1
    ranks = [0] * count
    waiting = sorted((box for box in range(count) if not into[box]), reverse=True)
    left = dict.fromkeys(range(count))
    while left:
        if not waiting:
            # Only cycles are left: begin with the box that fewest edges enter.
            waiting = [min(left, key=lambda box: (into[box], box))]
        box = waiting.pop()
        if box not in left:
            continue
        del left[box]
        for end in after[box]:
            if end in left:
                ranks[end] = max(ranks[end], ranks[box] + 1)
                into[end] -= 1
                if not into[end]:
                    waiting.append(end)
    for box in reversed(range(count)):
        # What nothing leads to stands beside what it leads to, not at the far left.
        ends = [ranks[end] for end in after[box] if end != box]
        if ends and not any(box in after[other] for other in range(count) if other != box) and min(ends) > ranks[box]:
            ranks[box] = min(ends) - 1
    return ranks


def _add_path(layout: Layout, start: int, end: int, width: float, height: float) -> None:
    items = layout.items
    first, last = (start, end) if items[start].column <= items[end].column else (end, start)
    low, high = items[first].column, items[last].column
    path, label = [first], -1
    stops = range(low + 1, high) if high > low else range(low + 1, low + 2)
    for column in stops:
        is_label = column == low + 1
        items.append(Item(width if is_label else 0.0, height if is_label else 6.0, column))
        row = len(items) - 1
        label = row if is_label else label
        items[path[-1]].after.append(row)
        items[row].before.append(path[-1])
        path.append(row)
    if high > low:
        items[path[-1]].after.append(last)
        items[last].before.append(path[-1])
    elif last != first:
        items[last].after.append(path[-1])
        items[path[-1]].before.append(last)
    path.append(last)
    layout.paths.append(path if first == start else path[::-1])
    layout.labels.append(label)


def _ordered(items: Sequence[Item]) -> list[list[int]]:
    """Rows of each column, ordered by the mean place of their neighbours, left to right and back."""
    columns: list[list[int]] = [[] for _ in range(1 + max((item.column for item in items), default=-1))]
    for row, item in enumerate(items):
        columns[item.column].append(row)
    place = {row: float(at) for column in columns for at, row in enumerate(column)}
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else columns[::-1]:
            means = {
                row: _mean(place, items[row].before if forward else items[row].after, place[row]) for row in column
            }
            column.sort(key=lambda row: (means[row], place[row], row))
            for at, row in enumerate(column):
                place[row] = float(at)
    return columns


def _mean(values: dict[int, float], rows: Sequence[int], default: float) -> float:
    return sum(values[row] for row in rows) / len(rows) if rows else default


def _place_rows(items: Sequence[Item], columns: Sequence[Sequence[int]]) -> None:
    """Heights: each item as near to its neighbours' mean as the order and the gaps allow."""
    for column in columns:
        y = 0.0
        for row in column:
            items[row].y = y + items[row].height / 2
            y += items[row].height + ROW_GAP
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 else columns[::-1]:
            wanted = []
            for row in column:
                near = items[row].before + items[row].after
                wanted.append(sum(items[other].y for other in near) / len(near) if near else items[row].y)
            _settle(items, column, wanted)
    top = min((item.y - item.height / 2 for item in items), default=0.0)
    for item in items:
        item.y -= top


def _settle(items: Sequence[Item], column: Sequence[int], wanted: Sequence[float]) -> None:
    """Place ``column`` without overlaps: pushed down from the top, pushed up from the bottom, and the mean of both."""
    down, up = list(wanted), list(wanted)
    gaps = [(items[a].height + items[b].height) / 2 + ROW_GAP for a, b in pairwise(column)]
    for at, gap in enumerate(gaps, 1):
        down[at] = max(down[at], down[at - 1] + gap)
    for at in reversed(range(len(gaps))):
        up[at] = min(up[at], up[at + 1] - gaps[at])
    for row, low, high in zip(column, down, up, strict=True):
        items[row].y = (low + high) / 2


def _place_columns(items: Sequence[Item], columns: Sequence[Sequence[int]]) -> None:
    left = 0.0
    for column in columns:
        width = max((items[row].width for row in column), default=0.0)
        for row in column:
            items[row].x = left + width / 2
        left += width + COLUMN_GAP
