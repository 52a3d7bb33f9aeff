"""A rule graph as decisions: each attribute and each relation may be kept, changed or dropped.

Annotators of a corpus do not say everything as the rules do: "a tennis ball" is one object to them, not a ball that is
tennis; "the leg of the man" is a man that has a leg. What they do is learned; what can be done is listed here.

An attribute ``(n, a)``: ``keep``; ``drop``; ``join`` (the object is "a n"); ``have`` (a, have, n); ``swap`` (a is the
object and n its attribute); ``as:x`` (the attribute is x).
A relation ``(s, p, o)``: ``keep``; ``drop``; ``last`` (its preposition); ``as:x``; ``turn`` (o, p, s) or ``turn:x``
``merge`` (s is o: "a row of houses"), ``merge is`` and ``merge is of`` (and o has the attribute s, "s of").
An object without either: ``keep``, ``drop``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from crosscap.graph.scene_graph import Attribute, Relation, SceneGraph
from crosscap.syntax.tree import Tree, Word


class Draft(NamedTuple):
    """What the rules read: the graph, the word of each object (counted from 0) and the sentence's words."""

    graph: SceneGraph
    words: tuple[int, ...]
    tree: Tree


def attribute_features(draft: Draft, attribute: Attribute) -> list[str]:
    row, name = attribute
    head, words = draft.words[row], draft.tree.words
    thing = draft.graph.objects[row]
    source = _word_of(words, name, head)
    before = source == head - 1
    label = words[source].relation if source >= 0 else "none"
    tag = words[source].upos if source >= 0 else "none"
    others = sum(owner == row for owner, _ in draft.graph.attributes)
    return [
        "bias",
        f"a={name}",
        f"n={thing}",
        f"an={name}|{thing}",
        f"label={label}",
        f"label={label}|tag={tag}|before={before}",
        f"a={name}|label={label}",
        f"n={thing}|label={label}",
        f"others={min(others, 3)}",
        f"a3={name[-3:]}",
    ]


def relation_features(draft: Draft, relation: Relation) -> list[str]:
    subject, predicate, other = relation
    names, words = draft.graph.objects, draft.tree.words
    s, o = names[subject], names[other]
    first, second = draft.words[subject], draft.words[other]
    label = words[second].relation
    parts = predicate.split()
    between = sum(min(first, second) < word < max(first, second) for word in draft.words)
    direct = words[second].head - 1 == first
    verb = words[words[second].head - 1]
    own = verb.feats if verb.upos == "VERB" else "none"
    return [
        "bias",
        f"p={predicate}",
        f"s={s}",
        f"o={o}",
        f"ps={predicate}|{s}",
        f"po={predicate}|{o}",
        f"so={s}|{o}",
        f"last={parts[-1]}",
        f"first={parts[0]}|{len(parts)}",
        f"label={label}|direct={direct}|p={predicate}",
        f"label={label}|between={min(between, 3)}|{first < second}",
        f"between={min(between, 3)}|p={predicate}",
        f"verb={verb.xpos}|{own[-20:]}|{parts[-1]}",
        f"p={predicate}|tags={words[first].upos}{words[second].upos}",
    ]


def object_features(draft: Draft, row: int) -> list[str]:
    words = draft.tree.words
    word = words[draft.words[row]]
    count = len(draft.graph.objects)
    facts = len(draft.graph.attributes) + len(draft.graph.relations)
    return [
        "bias",
        f"n={draft.graph.objects[row]}",
        f"label={word.relation}",
        f"only={facts == 0}|{min(count, 3)}",
        f"tag={word.xpos}",
    ]


def nearest_first(draft: Draft) -> list[int]:
    """The attributes, each object's nearest word first, so that names are joined in the order of the words."""
    words = [_word_of(draft.tree.words, name, draft.words[row]) for row, name in draft.graph.attributes]
    return sorted(range(len(words)), key=lambda at: -words[at])


def changed(
    draft: Draft,
    renamed: dict[str, str],
    attributes: Sequence[str],
    relations: Sequence[str],
    alone: Callable[[int], str],
) -> SceneGraph:
    """The graph after one decision an attribute and one a relation, in the graph's order; ``alone`` decides on what is
    left without either. ``renamed``: other names for objects."""
    graph = draft.graph
    names = [renamed.get(name, name) for name in graph.objects]
    heir = list(range(len(names)))
    found_attributes: dict[tuple[int, str], None] = {}
    found_relations: dict[tuple[int, str, int], None] = {}
    for at in nearest_first(draft):
        (row, name), decision = graph.attributes[at], attributes[at]
        if decision == "join":
            names[row] = f"{name} {names[row]}"
        elif decision == "have":
            names.append(renamed.get(name, name))
            heir.append(len(heir))
            found_relations[len(names) - 1, "have", row] = None
        elif decision == "swap":
            found_attributes[row, graph.objects[row]] = None
            names[row] = renamed.get(name, name)
    for (subject, _, other), decision in zip(graph.relations, relations, strict=True):
        if decision.startswith("merge") and heir[subject] == subject and _root(heir, other) != subject:
            heir[subject] = other
            name = graph.objects[subject]
            if decision != "merge":
                found_attributes[other, name if decision == "merge is" else f"{name} of"] = None
    for (row, name), decision in zip(graph.attributes, attributes, strict=True):
        if decision == "keep" or decision.startswith("as:"):
            found_attributes[_root(heir, row), decision[3:] if decision != "keep" else name] = None
    for (subject, predicate, other), decision in zip(graph.relations, relations, strict=True):
        s, o = _root(heir, subject), _root(heir, other)
        if s == o or decision == "drop" or decision.startswith("merge"):
            continue
        kind, _, name = decision.partition(":")
        if kind == "last":
            name = predicate.split()[-1]
        name = name or predicate
        found_relations[(o, name, s) if kind == "turn" else (s, name, o)] = None
    found_attributes = {(_root(heir, row), name): None for row, name in found_attributes}
    found_relations = {(_root(heir, s), name, _root(heir, o)): None for s, name, o in found_relations}
    used = {row for row, _ in found_attributes} | {row for s, _, o in found_relations for row in (s, o)}
    left = [row for row in range(len(graph.objects)) if row not in used and heir[row] == row and alone(row) == "keep"]
    rows = {row: place for place, row in enumerate(sorted(used | set(left)))}
    return SceneGraph(
        graph.id,
        tuple(names[row] for row in rows),
        tuple((rows[row], name) for row, name in found_attributes),
        tuple((rows[s], name, rows[o]) for s, name, o in found_relations),
    )


def _root(heir: list[int], row: int) -> int:
    while heir[row] != row:
        row = heir[row]
    return row


def _word_of(words: Sequence[Word], name: str, head: int) -> int:
    """The word that an attribute of ``head`` was read from: of that lemma or form, nearest before it; -1 for none."""
    for at in range(head - 1, -1, -1):
        if words[at].lemma.lower() == name or words[at].form.lower() == name:
            return at
    return -1
