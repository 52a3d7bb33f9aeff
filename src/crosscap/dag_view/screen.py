"""A DAG for a terminal: one line a stage, cut to the width of the window."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from crosscap.dag_view.node import Node
from crosscap.dag_view.outline import Line, outline
from crosscap.dag_view.words import duration, shortened

MARKS = {"fresh": "●", "stale": "○", "never run": "◌", "running": "▶", "failed": "✗", "killed": "✗"}
COLOURS = {"fresh": "32", "stale": "33", "never run": "2", "running": "36", "failed": "31", "killed": "31"}
DIM = "2"
PLAIN = str.maketrans({"●": "*", "○": "o", "◌": ".", "▶": ">", "✗": "x", "│": "|", "├": "|", "─": "-", "⋮": ":"})
PLAIN |= str.maketrans({"→": "->", "−": "-", "×": "x", "←": "<-", "…": "...", "·": "-"})
REASONS = 3  # on a stage's line
STATE = 10  # columns


def screen(
    nodes: Sequence[Node],
    width: int | None = None,
    colour: bool = False,
    fold: bool = False,
    full: Collection[str] = (),
) -> Iterator[str]:
    """The lines to print.

    Args:
        nodes: in topological order.
        width: columns of the window; None: lines are as long as they are.
        colour: whether the terminal shows colours.
        fold: show only how many there are where several fresh stages follow one another.
        full: the nodes whose reasons each get a line of their own, with none left out.
    """
    by_name = {node.name: node for node in nodes}
    lines = outline({node.name: node.upstream for node in nodes})
    heads = {line.name: f"{line.rail}{MARKS[by_name[line.name].state]} {_title(by_name[line.name])}" for line in lines}
    times = {node.name: duration(node.seconds) for node in nodes}
    columns = max(map(len, heads.values()), default=0), max(map(len, times.values()), default=0)
    for fresh, run in groupby(lines, key=lambda line: by_name[line.name].state == "fresh"):
        listed = list(run)
        if fold and fresh and len(listed) > 2:
            yield paint(f"{listed[0].column}⋮ {len(listed)} fresh", DIM, colour)
            continue
        for line in listed:
            node = by_name[line.name]
            start = _start(line, node, heads[line.name], columns, colour)
            end = _end(line, node, width, columns, colour, line.name in full)
            yield f"{start}  {end}".rstrip()
            if line.name in full:
                yield from (f"{paint(line.column, DIM, colour)}    {reason}" for reason in node.why)


def paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour and text else text


def encodable(text: str, encoding: str | None) -> str:
    """``text``, in plain letters where the terminal's encoding lacks the marks and rails."""
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return text.translate(PLAIN)
    return text


def _start(line: Line, node: Node, head: str, columns: tuple[int, int], colour: bool) -> str:
    """Rail, mark, name, state and last duration."""
    mark, code = len(line.rail), COLOURS[node.state]
    name = head[mark + 1 :].ljust(columns[0] - mark - 1)
    rail = paint(line.rail, DIM, colour) + paint(head[mark], code, colour)
    state = paint(f"{_state(node):<{STATE}}", code, colour)
    return f"{rail}{name}  {state}{duration(node.seconds):>{columns[1]}}"


def _end(line: Line, node: Node, width: int | None, columns: tuple[int, int], colour: bool, full: bool) -> str:
    """Why, and the upstream stages that the rails do not show, in what room the window leaves."""
    more = len(node.why) - REASONS
    why = "" if full else "; ".join(node.why[:REASONS]) + (f"; {more} more" if more > 0 else "")
    others = f"← also {', '.join(line.others)}" if line.others else ""
    if width is not None:
        room = max(width - sum(columns) - STATE - 4, 0)
        why = shortened(why, room)
        room -= len(why) + 2 * bool(why)
        others = shortened(others, room) if room >= len("← also a") else ""
    return f"{why}{'  ' if why and others else ''}{paint(others, DIM, colour)}"


def _title(node: Node) -> str:
    return node.name if len(node.states) == 1 else f"{node.name} ×{len(node.states)}"


def _state(node: Node) -> str:
    count = sum(state == node.state for state in node.states.values())
    return node.state if count == len(node.states) else f"{count} {node.state}"
