"""Where the stages of a DAG stand in a layered drawing.

The classic steps (Sugiyama, Tagawa and Toda 1981): layers by the longest path, invisible stations where a link crosses
a layer, barycentres against crossings, and columns by least squares under the distances that the boxes need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 24


@dataclass(frozen=True)
class Layout:
    """Centres of the boxes and of the links' stations.

    Attributes:
        place: name → ``(x, layer)``; x in pixels from the left border.
        links: ``(from, to)`` → the points of the link, both ends included.
        width: pixels from the left border of the leftmost box to the right one of the rightmost.
        layers: how many there are.
    """

    place: Mapping[str, tuple[float, int]]
    links: Mapping[tuple[str, str], Sequence[tuple[float, int]]]
    width: float
    layers: int


def layered(upstream: Mapping[str, Sequence[str]], box: float, gap: float, station: float) -> Layout:
    """Lay out a DAG from top to bottom.

    Args:
        upstream: each name's direct predecessors; names stand in topological order.
        box: width of a box, pixels.
        gap: least distance between two boxes, pixels.
        station: width of a place where a link passes a layer, pixels.
    """
    layer = _layers(upstream)
    chains, before = _with_stations(upstream, layer)
    after: dict[str, list[str]] = {name: [] for name in before}
    for name, others in before.items():
        for other in others:
            after[other].append(name)
    rows: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for name in before:
        rows[layer[name]].append(name)
    rows = _uncrossed(rows, before, after)
    widths = {name: box if name in upstream else station for name in before}
    x = _columns(rows, before, after, widths, gap)
    left = min((x[name] - widths[name] / 2 for name in x), default=0.0)
    right = max((x[name] + widths[name] / 2 for name in x), default=0.0)
    points = {name: (x[name] - left, layer[name]) for name in x}
    links = {ends: [points[name] for name in chain] for ends, chain in chains.items()}
    return Layout({name: points[name] for name in upstream}, links, right - left, len(rows))


def _layers(upstream: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The longest path to each name; then those that feed at least as many as they take go down to the first of these.

    That shortens links and empties the upper layers, where everything that needs only the sources would stand.
    """
    layer: dict[str, int] = {}
    downstream: dict[str, list[str]] = {name: [] for name in upstream}
    for name, before in upstream.items():
        layer[name] = 1 + max((layer[other] for other in before), default=-1)
        for other in before:
            downstream[other].append(name)
    for name in reversed(list(upstream)):
        if downstream[name] and len(downstream[name]) >= len(upstream[name]):
            layer[name] = min(layer[other] for other in downstream[name]) - 1
    return layer


def _with_stations(
    upstream: Mapping[str, Sequence[str]], layer: dict[str, int]
) -> tuple[dict[tuple[str, str], list[str]], dict[str, list[str]]]:
    """Cut each link into pieces of one layer. Returns the names along each link, and every name's predecessors."""
    chains: dict[tuple[str, str], list[str]] = {}
    before: dict[str, list[str]] = {name: [] for name in upstream}
    for name, others in upstream.items():
        for other in others:
            chain = [other]
            for level in range(layer[other] + 1, layer[name]):
                station = f"{other}\0{name}\0{level}"
                layer[station] = level
                before[station] = [chain[-1]]
                chain.append(station)
            before[name].append(chain[-1])
            chains[other, name] = [*chain, name]
    return chains, before


def _uncrossed(
    rows: list[list[str]], before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]
) -> list[list[str]]:
    """Sort every row by the mean position of its neighbours, down and up in turn; keep the best order seen."""
    best, fewest = [list(row) for row in rows], _crossings(rows, before)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        neighbours = before if down else after
        for row in rows if down else reversed(rows):
            position = {name: index for other in rows for index, name in enumerate(other)}
            mean = {name: _mean([position[n] for n in neighbours[name]], position[name]) for name in row}
            row.sort(key=mean.__getitem__)
        _swap_neighbours(rows, before, after)
        count = _crossings(rows, before)
        if count < fewest:
            best, fewest = [list(row) for row in rows], count
    return best


def _swap_neighbours(
    rows: list[list[str]], before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]
) -> None:
    for level, row in enumerate(rows):
        near = [rows[i] for i in (level - 1, level + 1) if 0 <= i < len(rows)]
        position = {name: index for other in near for index, name in enumerate(other)}
        for i in range(len(row) - 1):
            one, two = row[i], row[i + 1]
            as_is = swapped = 0
            for links in (before, after):
                for a in (position[name] for name in links[one]):
                    for b in (position[name] for name in links[two]):
                        as_is, swapped = as_is + (a > b), swapped + (a < b)
            if swapped < as_is:
                row[i], row[i + 1] = two, one


def _crossings(rows: Sequence[Sequence[str]], before: Mapping[str, Sequence[str]]) -> int:
    count = 0
    for upper, lower in pairwise(rows):
        position = {name: index for index, name in enumerate(upper)}
        seen: list[int] = []
        for name in lower:
            ends = sorted(position[other] for other in before[name])
            count += sum(other > end for end in ends for other in seen)
            seen += ends
    return count


def _columns(
    rows: Sequence[Sequence[str]],
    before: Mapping[str, Sequence[str]],
    after: Mapping[str, Sequence[str]],
    widths: Mapping[str, float],
    gap: float,
) -> dict[str, float]:
    """Pull every name to the mean of its neighbours, as far as the order and the widths of its row allow."""
    x: dict[str, float] = {}
    for row in rows:
        x.update(_apart(row, dict.fromkeys(row, 0.0), widths, gap))
    for sweep in range(2 * SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            first, second = (before, after) if down else (after, before)
            wanted = {}
            for name in row:
                near = [x[n] for n in first[name] or second[name]]
                if sweep > SWEEPS:  # at last towards both sides: straighter links
                    near = [x[n] for n in (*before[name], *after[name])]
                wanted[name] = (_mean(near, x[name]) + 0.25 * x[name]) / 1.25
            x.update(_apart(row, wanted, widths, gap))
    return x


def _apart(
    row: Sequence[str], wanted: Mapping[str, float], widths: Mapping[str, float], gap: float
) -> dict[str, float]:
    """The positions nearest to ``wanted`` (least squares) at which nothing touches: isotonic regression."""
    offsets, offset = [], 0.0
    for index, name in enumerate(row):
        if index:
            offset += (widths[row[index - 1]] + widths[name]) / 2 + gap
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []  # sum and count of what has to move together
    for name, shift in zip(row, offsets, strict=True):
        total, count = wanted[name] - shift, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            other, size = blocks.pop()
            total, count = total + other, count + size
        blocks.append((total, count))
    level = [total / count for total, count in blocks for _ in range(count)]
    return {name: value + shift for name, value, shift in zip(row, level, offsets, strict=True)}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
