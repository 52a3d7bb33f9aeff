"""Places for the tags of boxes: near the box, on no other tag, within the picture as long as there is room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from crosscap.graph.drawing.svg import SMALL_SIZE, text_width
from crosscap.graph.scene_graph import Box

HEIGHT, PADDING = 17.0, 4.0
APART = 1.0  # pixels between tags
STEPS = 4  # places along a side of a box
GRID = 6.0  # pixels between the places that are tried when none at the box is free


class Tag(NamedTuple):
    """``text`` in a rectangle with its upper left corner at (x, y); ``away``: it does not touch its box."""

    text: str
    x: float
    y: float
    width: float
    away: bool = False


def place_tags(names: Sequence[str], boxes: Sequence[Box], width: float, height: float) -> list[Tag]:
    """A tag ``number name`` for each of N boxes in an area of ``width`` x ``height``; no two overlap.

    Small boxes choose first. Where the name has no room at its box the number stands alone; where that has none, it
    stands at the nearest free place, and when the area is full below it.
    """
    placed: dict[int, Tag] = {}
    order = sorted(range(len(boxes)), key=lambda row: (_area(boxes[row]), row))
    for row in order:
        number = str(row + 1)
        options = (
            Tag(text, x, y, _width(text))
            for text in (f"{number} {names[row]}", number)
            for x, y in _corners(boxes[row], _width(text))
        )
        fitting = (tag for tag in options if _inside(tag, width, height) and _is_free(tag, placed.values()))
        placed[row] = next(fitting, None) or _elsewhere(number, boxes[row], placed.values(), width, height)
    return [placed[row] for row in range(len(boxes))]


def _corners(box: Box, tag_width: float) -> Iterator[tuple[float, float]]:
    """Upper left corners of a tag on the box's upper side, within it, on its lower side, within it; left to right."""
    x0, y0, x1, y1 = box
    for y in (y0 - HEIGHT, y0, y1, y1 - HEIGHT):
        for step in range(STEPS + 1):
            yield x0 + (x1 - x0 - tag_width) * step / STEPS, y


def _elsewhere(number: str, box: Box, placed: Iterable[Tag], width: float, height: float) -> Tag:
    tags = list(placed)
    own = _width(number)
    xs, ys = np.arange(0.0, width - own + 0.01, GRID), np.arange(0.0, height - HEIGHT + 0.01, GRID)
    x, y = (grid.ravel() for grid in np.meshgrid(xs, ys))
    free = np.ones(len(x), bool)
    for tag in tags:
        beside = (x >= tag.x + tag.width + APART) | (x + own + APART <= tag.x)
        free &= beside | (y >= tag.y + HEIGHT + APART) | (y + HEIGHT + APART <= tag.y)
    if free.any():
        distance = (x + own / 2 - box[0]) ** 2 + (y + HEIGHT / 2 - box[1]) ** 2
        best = int(np.where(free, distance, np.inf).argmin())
        return Tag(number, float(x[best]), float(y[best]), own, away=True)
    # Below the area: in the last row if there is room, else in a new one.
    bottom = max((tag.y for tag in tags if tag.y >= height), default=height)
    right = max((tag.x + tag.width + APART for tag in tags if tag.y == bottom), default=0.0)
    if right + own > max(width, 200.0):
        right, bottom = 0.0, bottom + HEIGHT + APART
    return Tag(number, right, bottom, own, away=True)


def _inside(tag: Tag, width: float, height: float) -> bool:
    return tag.x >= 0 and tag.x + tag.width <= width and tag.y >= 0 and tag.y + HEIGHT <= height


def _is_free(tag: Tag, others: Iterable[Tag]) -> bool:
    return not any(_overlap(tag, other) for other in others)


def _overlap(one: Tag, other: Tag) -> bool:
    return (
        one.x < other.x + other.width + APART
        and other.x < one.x + one.width + APART
        and abs(one.y - other.y) < HEIGHT + APART
    )


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _width(text: str) -> float:
    return text_width(text, SMALL_SIZE) + 2 * PADDING
