"""The rules on any tree at all: parsers make every mistake, a graph must come out."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as some

from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.rules.word_lists import PHRASAL_PREPOSITIONS, PLURAL_QUANTIFIERS, SINGULAR_QUANTIFIERS
from crosscap.graph.scene_graph import merge
from crosscap.syntax.tree import Tree, Word, problem_of

from .cases import CASES
from .trees import tree_of

RELATIONS = """
    acl acl:relcl advcl advmod amod appos aux aux:pass case cc ccomp compound compound:prt conj cop csubj dep det expl
    fixed flat iobj list mark nmod nmod:poss nmod:desc nsubj nsubj:pass nummod obj obl obl:agent orphan parataxis punct
    xcomp vocative
""".split()  # noqa: SIM905
UPOS = (
    "NOUN",
    "PROPN",
    "VERB",
    "AUX",
    "ADJ",
    "ADV",
    "ADP",
    "PRON",
    "DET",
    "NUM",
    "PART",
    "SCONJ",
    "CCONJ",
    "PUNCT",
    "X",
)
XPOS = ("NN", "NNS", "VBG", "VBN", "VBZ", "PRP", "PRP$", "WP", "WDT", "RP", "IN", "_")
FORMS = sorted(
    {word for phrase in PHRASAL_PREPOSITIONS for word in phrase.split()}
    | {
        "a",
        "the",
        "of",
        "who",
        "that",
        "whose",
        "his",
        "it",
        "not",
        "no",
        "man",
        "men",
        "horses",
        "riding",
        "2",
        "%",
        "İ",
        "be",
        "s",
        "es",
        "ing",
        "ed",
    }
    | set(sorted(SINGULAR_QUANTIFIERS | PLURAL_QUANTIFIERS)[:8])
)


@some.composite
def trees(draw: some.DrawFn, longest: int = 14) -> Tree:
    """Any words under any labels, as one tree."""
    count = draw(some.integers(1, longest))
    order = draw(some.permutations(range(1, count + 1)))
    head_of = {order[0]: 0}
    for place, number in enumerate(order[1:], 1):
        head_of[number] = order[draw(some.integers(0, place - 1))]
    feats = some.sampled_from(("_", "Number=Plur", "VerbForm=Part|Tense=Past", "VerbForm=Fin", "VerbForm=Inf"))
    words = tuple(
        Word(
            form := draw(some.sampled_from(FORMS)),
            draw(some.sampled_from((form, "_", "be"))),
            draw(some.sampled_from(UPOS)),
            draw(some.sampled_from(XPOS)),
            draw(feats),
            head_of[number],
            "root" if head_of[number] == 0 else draw(some.sampled_from(RELATIONS)),
        )
        for number in range(1, count + 1)
    )
    return Tree("x", words)


@given(trees())
@settings(max_examples=400, deadline=None)
def test_any_tree_gives_a_valid_graph_whatever_its_case_and_final_full_stop(tree: Tree) -> None:
    assert problem_of(tree.words) is None
    graph = sentence_graph(tree, "x")  # SceneGraph checks itself
    assert len(graph.objects) <= len(tree.words)
    assert len(set(graph.relations)) == len(graph.relations)
    assert len(set(graph.attributes)) == len(graph.attributes)
    root = next(number for number, word in enumerate(tree.words, 1) if word.head == 0)
    stop = Word(".", ".", "PUNCT", ".", "_", root, "punct")
    shouted = tuple(w._replace(form=w.form.upper(), lemma=w.lemma.upper()) for w in tree.words if "İ" not in w.form)
    if len(shouted) == len(tree.words):
        assert sentence_graph(Tree("x", (*shouted, stop)), "x") == graph


@given(some.lists(trees(8), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_the_union_of_paraphrases_holds_what_each_says_and_nothing_else(paraphrases: list[Tree]) -> None:
    graphs = [sentence_graph(tree, "x") for tree in paraphrases]
    union = merge("x", graphs)
    assert union.tuples() == set().union(*(graph.tuples() for graph in graphs))
    assert len(set(union.objects)) == len(union.objects)
    assert merge("x", [union, *graphs]) == union


def test_long_sentences_take_time_in_proportion_to_their_length() -> None:
    """A caption dump's longest "sentence" may be a page of text."""
    once = tree_of(CASES["a man in front of a house"].tree).words

    def seconds(copies: int) -> float:
        words = [
            word._replace(head=word.head + place * len(once) if word.head else 2 if place else 0)
            for place in range(copies)
            for word in once
        ]
        words = [w._replace(relation="parataxis") if w.relation == "root" and w.head else w for w in words]
        tree = Tree("x", tuple(words))
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            sentence_graph(tree, "x")
            best = min(best, time.process_time() - start)
        return best

    assert seconds(1000) < 40 * seconds(100)  # 10 times as long; a quadratic loop takes 100 times as long
