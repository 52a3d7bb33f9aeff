from __future__ import annotations

import pytest

from crosscap.syntax.attachment_scores import attachment_scores
from crosscap.syntax.tree import Tree, Word

GOLD = Tree(
    "",
    (
        Word("Dogs", "dog", "NOUN", "_", "_", 2, "nsubj"),
        Word("chase", "chase", "VERB", "_", "_", 0, "root"),
        Word("black", "black", "ADJ", "_", "_", 4, "amod"),
        Word("cats", "cat", "NOUN", "_", "_", 2, "obj"),
        Word(".", ".", "PUNCT", "_", "_", 2, "punct"),
    ),
)


def changed(number: int, **values: object) -> Tree:
    words = list(GOLD.words)
    words[number] = words[number]._replace(**values)  # type: ignore[arg-type]
    return Tree("", tuple(words))


def test_a_perfect_parse_scores_one_and_punctuation_is_not_counted() -> None:
    assert attachment_scores([GOLD], [GOLD]) == {"las": 1.0, "uas": 1.0, "upos": 1.0, "lemma": 1.0, "words": 4}
    assert attachment_scores([GOLD], [changed(4, head=1)])["las"] == 1.0


def test_each_mistake_costs_what_it_should() -> None:
    wrong_label, wrong_head = changed(3, relation="obl"), changed(2, head=2)
    assert attachment_scores([GOLD], [wrong_label])["las"] == 0.75
    assert attachment_scores([GOLD], [wrong_label])["uas"] == 1.0
    assert attachment_scores([GOLD], [wrong_head])["uas"] == 0.75
    assert attachment_scores([GOLD, GOLD], [GOLD, wrong_head])["las"] == 0.875
    assert attachment_scores([GOLD], [changed(0, upos="PROPN", lemma="dogs")])["upos"] == 0.8
    assert attachment_scores([GOLD], [changed(0, upos="PROPN", lemma="dogs")])["lemma"] == 0.8


def test_subtypes_and_the_case_of_lemmas_do_not_count() -> None:
    assert attachment_scores([GOLD], [changed(0, relation="nsubj:outer", lemma="Dog")])["las"] == 1.0
    assert attachment_scores([GOLD], [changed(0, lemma="Dog")])["lemma"] == 1.0


def test_other_sentences_are_an_error() -> None:
    with pytest.raises(ValueError, match="tree 0: 4 words for 5 in gold"):
        attachment_scores([GOLD], [Tree("", GOLD.words[:4])])
    with pytest.raises(ValueError):
        attachment_scores([GOLD], [])
