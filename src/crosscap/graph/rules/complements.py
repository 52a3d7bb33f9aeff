"""What a verb has beside its subject: objects, obliques and agents, its own and those it shares or takes over."""

from __future__ import annotations

from crosscap.graph.rules.clause_graph import ClauseGraph
from crosscap.graph.rules.word_lists import RELATIVE_ADVERBS, RELATIVE_PRONOUNS

OBJECTS = frozenset(("obj", "iobj"))
ACTIVE_SUBJECTS = frozenset(("nsubj", "nsubj:outer"))


def complements(clause: ClauseGraph, word: int, passive: bool) -> tuple[list[int], list[tuple[int, str]], list[int]]:
    """Objects, obliques with their prepositions, and agents of a verb."""
    objects: list[int] = []
    obliques: list[tuple[int, str]] = []
    agents: list[int] = []
    relative = False
    for dependent, relation, preposition in clause.outgoing[word]:
        noun = clause.noun(dependent)
        relative = relative or (dependent in clause.stands_for and clause.forms[dependent] in RELATIVE_PRONOUNS)
        relative = relative or (relation == "advmod" and clause.forms[dependent] in RELATIVE_ADVERBS)
        if noun < 0:
            continue
        if relation in OBJECTS and preposition:
            obliques.append((noun, preposition))  # "looks at a dog", read as an object
        elif relation in OBJECTS:
            objects.append(noun)
        elif relation == "obl:agent" or (relation == "obl" and passive and preposition == "by"):
            agents.append(noun)
        elif relation in ("obl", "nmod") and preposition:
            obliques.append((noun, preposition))
    if not objects:
        objects = _shared_objects(clause, word)
    # "that two men ride and a boy feeds": the second verb lacks what the first one's pronoun gave.
    first = clause.first_conjunct(word)
    lacks = clause.relations[first] == "acl:relcl" and not relative and not objects
    if lacks and _has_own_subject(clause, word) and _has_own_subject(clause, first):
        _add_gap(clause, word, clause.noun(clause.heads[first]), objects, obliques)
    return objects, obliques, agents


def _add_gap(
    clause: ClauseGraph, word: int, antecedent: int, objects: list[int], obliques: list[tuple[int, str]]
) -> None:
    """The horse a man rides, the bench he sits on: the antecedent is what the clause lacks."""
    if antecedent < 0:
        return
    for child in clause.children[word]:
        if clause.words[child].upos == "ADP" and child > word and clause.relations[child] != "compound:prt":
            obliques.append((antecedent, clause.forms[child]))
            return
    if not obliques:
        objects.append(antecedent)


def _has_own_subject(clause: ClauseGraph, word: int) -> bool:
    return any(relation in ACTIVE_SUBJECTS for _, relation, _ in clause.outgoing[word])


def _shared_objects(clause: ClauseGraph, word: int) -> list[int]:
    """Washes and dries the dishes: UD hangs the shared object from either verb."""
    if clause.relations[word] != "conj" or clause.heads[word] < 0:
        return []
    return [
        noun
        for dependent, relation, _ in clause.outgoing[clause.heads[word]]
        if relation == "obj" and dependent > word and (noun := clause.noun(dependent)) >= 0
    ]
