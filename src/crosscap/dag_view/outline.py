"""A DAG as lines of text: topological order, with rails on the left that show its shape.

::

    ● collect
    ├─● train_detector
    │ ● detect_objects
    ● filter_corpus
    ● train_phase1      ← also detect_objects

Each stage stands under the last of the stages that it waits for, so that nothing stands above what it needs. The stage
below another one in the same column continues it; the others branch off. The links that no rail shows are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosscap.dag_view.node import transitive_reduction


@dataclass(frozen=True)
class Line:
    """One stage: what stands left of its mark, and the upstream stages that its rail does not lead to."""

    name: str
    rail: str
    column: str
    others: tuple[str, ...]


def outline(upstream: Mapping[str, Sequence[str]]) -> list[Line]:
    """The lines, first to last.

    Args:
        upstream: each name's direct predecessors; names stand in topological order.
    """
    links = transitive_reduction(upstream)
    downstream: dict[str, list[str]] = {name: [] for name in links}
    for name, before in links.items():
        for other in before:
            downstream[other].append(name)
    weight = _descendants(downstream)
    missing = {name: len(before) for name, before in links.items()}
    sources = sorted((name for name, before in links.items() if not before), key=weight.__getitem__)
    lines: list[Line] = []
    waiting: list[tuple[str, str, str, str]] = []  # name, the stage it hangs on, rail, column of what hangs on it

    def hang(names: Sequence[str], on: str, column: str, trunk: bool = True) -> None:
        branches = names[:-1] if trunk else names
        if trunk and names:
            waiting.append((names[-1], on, column, column))
        waiting.extend((name, on, f"{column}├─", f"{column}│ ") for name in reversed(branches))

    hang(sources, "", "", trunk=len(sources) == 1)
    while waiting:
        name, on, rail, column = waiting.pop()
        lines.append(Line(name, rail, column, tuple(other for other in links[name] if other != on)))
        ready = []
        for other in downstream[name]:
            missing[other] -= 1
            if not missing[other]:
                ready.append(other)
        # The heaviest goes on straight below: so the rails stay narrow however long the DAG is.
        hang(sorted(ready, key=weight.__getitem__), name, column)
    return lines


def _descendants(downstream: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many names depend on each one; names stand in topological order."""
    number = {name: index for index, name in enumerate(downstream)}
    reached: dict[str, int] = {}  # a bit for each name
    for name in reversed(list(downstream)):
        bits = 0
        for other in downstream[name]:
            bits |= reached[other] | 1 << number[other]
        reached[name] = bits
    return {name: reached[name].bit_count() for name in downstream}
