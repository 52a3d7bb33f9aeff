"""What the decisions on a rule graph should have been, given the graph that a person wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from crosscap.graph.rescoring.drafts import Draft, nearest_first
from crosscap.graph.scene_graph import SceneGraph

RENAMED_AT_LEAST, RENAMED_SHARE = 4, 0.5


class Gold(NamedTuple):
    """A person's graph, by names."""

    objects: frozenset[str]
    attributes: frozenset[tuple[str, str]]
    relations: frozenset[tuple[str, str, str]]


def gold_of(graph: SceneGraph) -> Gold:
    names = graph.objects
    return Gold(
        frozenset(names),
        frozenset((names[owner], name) for owner, name in graph.attributes),
        frozenset((names[s], predicate, names[o]) for s, predicate, o in graph.relations),
    )


def learn_names(pairs: Iterable[tuple[Draft, Gold]]) -> dict[str, str]:
    """Objects that the corpus names otherwise ("guy" → "person"): the one name left over, in most of their graphs."""
    seen: Counter[str] = Counter()
    instead: Counter[tuple[str, str]] = Counter()
    for draft, gold in pairs:
        names = set(draft.graph.objects)
        missing = [name for name in gold.objects - names if " " not in name]
        for name in names:
            seen[name] += 1
            if name not in gold.objects and len(missing) == 1:
                instead[name, missing[0]] += 1
    return {
        name: other
        for (name, other), count in sorted(instead.items())
        if count >= RENAMED_AT_LEAST and count >= RENAMED_SHARE * seen[name]
    }


def labels_of(draft: Draft, gold: Gold, renamed: dict[str, str]) -> tuple[list[str], list[str]]:
    """The decision for each attribute and for each relation, in the graph's order."""
    graph = draft.graph
    names = [renamed.get(name, name) for name in graph.objects]
    attributes = [""] * len(graph.attributes)
    for at in nearest_first(draft):
        row, name = graph.attributes[at]
        if f"{name} {names[row]}" in gold.objects:
            attributes[at], names[row] = "join", f"{name} {names[row]}"
    for at, (row, name) in enumerate(graph.attributes):
        attributes[at] = attributes[at] or _attribute_label(name, names[row], gold)
    merged: dict[int, int] = {}
    relations = [""] * len(graph.relations)
    for at, (subject, predicate, other) in enumerate(graph.relations):
        relations[at] = _merge_label(graph.objects[subject], predicate, names[other], gold)
        if relations[at]:
            merged[subject] = other
    for at, (subject, predicate, other) in enumerate(graph.relations):
        if not relations[at]:
            s, o = merged.get(subject, subject), merged.get(other, other)
            relations[at] = _relation_label(names[s], predicate, names[o], gold)
    return attributes, relations


def _attribute_label(name: str, thing: str, gold: Gold) -> str:
    if (thing, name) in gold.attributes:
        return "keep"
    if (name, "have", thing) in gold.relations:
        return "have"
    if (name, thing) in gold.attributes:
        return "swap"
    for other, quality in sorted(gold.attributes):
        if other == thing and (quality[:3] == name[:3] or quality.startswith(name) or name.startswith(quality)):
            return f"as:{quality}"
    return "drop"


def _merge_label(name: str, predicate: str, other: str, gold: Gold) -> str:
    if name in gold.objects or other not in gold.objects or predicate != "of":
        return ""
    if (other, name) in gold.attributes:
        return "merge is"
    return "merge is of" if (other, f"{name} of") in gold.attributes else "merge"


def _relation_label(subject: str, predicate: str, other: str, gold: Gold) -> str:
    if (subject, predicate, other) in gold.relations:
        return "keep"
    if (subject, predicate.split()[-1], other) in gold.relations:
        return "last"
    if (other, predicate, subject) in gold.relations:
        return "turn"
    for s, name, o in sorted(gold.relations):
        if (s, o) == (subject, other):
            return f"as:{name}"
        if (s, o) == (other, subject):
            return f"turn:{name}"
    return "drop"
