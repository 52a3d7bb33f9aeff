"""What is drawn of a stage, or of the copies of one stage that a matrix makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

# What a reader must see first stands first: the state of a group is the first one that any of its copies has.
STATES = ("running", "killed", "failed", "stale", "never run", "fresh")


@dataclass(frozen=True)
class Node:
    """One stage, or the copies of one.

    Attributes:
        name: ``train_phase1@zh-hgm``, or ``train_phase1`` of several copies.
        upstream: names of the nodes whose outputs it reads.
        states: state of each stage that the node stands for, by the stage's name.
        reasons: why it is not fresh, one short text each.
        because: stages that have to run first for reasons of their own.
        seconds: how long the last run took, of all copies together; None when nobody knows.
    """

    name: str
    upstream: tuple[str, ...]
    states: Mapping[str, str]
    reasons: tuple[str, ...] = ()
    seconds: float | None = None
    because: tuple[str, ...] = ()

    @property
    def why(self) -> tuple[str, ...]:
        """The reasons; where it has none of its own, what it waits for."""
        if self.reasons or not self.because:
            return self.reasons
        more = len(self.because) - 2
        return (f"after {', '.join(self.because[:2])}" + (f" and {more} more" if more > 0 else ""),)

    @property
    def state(self) -> str:
        return next(state for state in STATES if state in self.states.values())


def grouped(nodes: Sequence[Node]) -> list[Node]:
    """One node for all copies of a stage, in topological order; the nodes as they are if copies wait for each other."""
    copies: dict[str, list[Node]] = {}
    for node in nodes:
        copies.setdefault(_group(node.name), []).append(node)
    names = {node.name: key if len(copies[key]) > 1 else node.name for key in copies for node in copies[key]}
    merged = [members[0] if len(members) == 1 else _merge(key, members) for key, members in copies.items()]
    linked = {
        node.name: replace(
            node,
            upstream=tuple(dict.fromkeys(names.get(other, other) for other in node.upstream)),
            because=tuple(dict.fromkeys(names.get(other, other) for other in node.because)),
        )
        for node in merged
    }
    try:
        order = list(TopologicalSorter({node.name: node.upstream for node in linked.values()}).static_order())
    except CycleError:
        return list(nodes)
    return [linked[name] for name in order]


def transitive_reduction(upstream: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The links that do not follow from others: without a → c where a → b → c.

    Args:
        upstream: each name's direct predecessors; names stand in topological order.
    """
    number = {name: index for index, name in enumerate(upstream)}
    ancestors: dict[str, int] = {}  # a bit for each name
    reduced = {}
    for name, before in upstream.items():
        distant = 0
        for other in before:
            distant |= ancestors[other]
        reduced[name] = tuple(other for other in before if not distant >> number[other] & 1)
        ancestors[name] = distant | sum(1 << number[other] for other in set(before))
    return reduced


def _group(name: str) -> str:
    return name.partition("@")[0]


def _merge(name: str, members: Sequence[Node]) -> Node:
    states = {stage: state for node in members for stage, state in node.states.items()}
    known = [node.seconds for node in members if node.seconds is not None]
    upstream = dict.fromkeys(other for node in members for other in node.upstream)
    because = dict.fromkeys(other for node in members for other in node.because)
    return Node(name, tuple(upstream), states, _common(members), sum(known) if known else None, tuple(because))


def _common(members: Iterable[Node]) -> tuple[str, ...]:
    """The reasons of all copies, each once; the copies are named where not all that are not fresh share it."""
    affected = [node for node in members if node.reasons]
    counts = Counter(reason for node in affected for reason in node.reasons)
    texts = []
    for reason, count in counts.items():
        whose = [node.name.partition("@")[2] for node in affected if reason in node.reasons]
        shown = ", ".join(whose[:2]) + (", …" if len(whose) > 2 else "")
        texts.append(reason if count == len(affected) else f"{reason} ({shown})")
    return tuple(texts)
