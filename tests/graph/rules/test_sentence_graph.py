from __future__ import annotations

import pytest

from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.scene_graph import SceneGraph, merge
from crosscap.syntax.tree import Tree, Word

from .cases import CASES, HARD
from .trees import tree_of


def shown(graph: SceneGraph) -> tuple[str, str, str]:
    names = graph.objects
    return (
        ",".join(names),
        ",".join(sorted(f"{names[owner]}:{name}" for owner, name in graph.attributes)),
        ",".join(sorted(f"{names[s]}|{predicate}|{names[o]}" for s, predicate, o in graph.relations)),
    )


def in_order(part: str) -> str:
    return ",".join(sorted(part.split(",")))


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param(sentence, marks=[pytest.mark.xfail(reason=case.miss, strict=True)] if case.miss else [])
        for sentence, case in CASES.items()
    ],
)
def test_the_sentence_has_this_graph(sentence: str) -> None:
    case = CASES[sentence]
    expected = (case.objects, in_order(case.attributes), in_order(case.relations))
    assert shown(sentence_graph(tree_of(case.tree), "x")) == expected


@pytest.mark.parametrize("sentence", CASES)
def test_casing_and_a_final_full_stop_change_nothing(sentence: str) -> None:
    tree = tree_of(CASES[sentence].tree)
    root = next(number for number, word in enumerate(tree.words, 1) if word.head == 0)
    stop = Word(".", ".", "PUNCT", ".", "_", root, "punct")
    shouted = tuple(word._replace(form=word.form.upper(), lemma=word.lemma.upper()) for word in tree.words)
    assert sentence_graph(Tree("x", (*shouted, stop)), "x") == sentence_graph(tree, "x")


def test_the_suite_is_large_and_a_third_of_it_hard() -> None:
    assert len(CASES) >= 150 and 3 * len(HARD) >= len(CASES)
    assert sum(bool(case.miss) for case in CASES.values()) <= len(CASES) // 20


def test_active_and_passive_say_the_same() -> None:
    active, passive = (
        sentence_graph(tree_of(CASES[name].tree), "x") for name in ("a man rides a horse", "a horse is ridden by a man")
    )
    assert active.tuples() == passive.tuples() == {("man",), ("horse",), ("man", "ride", "horse")}


def test_two_things_of_one_name_are_two_nodes_until_they_are_merged() -> None:
    line = "a:DET>2:det dog:NOUN>0:root and:CCONJ>6:cc a:DET>6:det black:ADJ>6:amod dog:NOUN>2:conj"
    graph = sentence_graph(tree_of(line), "x")
    assert graph.objects == ("dog", "dog") and graph.attributes == ((1, "black"),)
    assert merge("x", [graph]) == SceneGraph("x", ("dog",), ((0, "black"),))


def test_an_empty_tree_gives_an_empty_graph() -> None:
    assert sentence_graph(Tree("x", ()), "x") == SceneGraph("x")


def test_words_without_lemmas_are_named_by_their_spelling() -> None:
    dogs = Word("Dogs", "_", "NOUN", "_", "Number=Plur", 0, "root")
    tree = Tree("x", (dogs._replace(form="Shaggy", upos="ADJ", feats="_", head=2, relation="amod"), dogs))
    assert sentence_graph(tree, "x") == SceneGraph("x", ("dog",), ((0, "shaggy"),))
