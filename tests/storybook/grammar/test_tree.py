"""One structure gives words, constituents and dependencies."""

from __future__ import annotations

import pytest

from crosscap.storybook.grammar.tree import HEAD, Leaf, Phrase, bracketed, conllu, dependencies, phrase


def dog_and_cat() -> Phrase:
    dog = phrase("NP", (Leaf("dogs", "NNS", "NOUN", "dog"), HEAD))
    cat = phrase("NP", (Leaf("cats", "NNS", "NOUN", "cat"), HEAD))
    return phrase("NP", (dog, HEAD), (Leaf("and", "CC", "CCONJ", "and"), "cc"), (cat, "conj"))


def test_the_conjunction_depends_on_the_second_conjunct() -> None:
    assert [(token.head, token.relation) for token in dependencies(dog_and_cat())] == [
        (0, "root"),
        (3, "cc"),
        (1, "conj"),
    ]


def test_the_bracketed_tree_has_one_line_under_top() -> None:
    assert bracketed(dog_and_cat()) == "(TOP (NP (NP (NNS dogs)) (CC and) (NP (NNS cats))))"


def test_conllu_has_ten_columns_and_ends_with_a_blank_line() -> None:
    text = conllu(dependencies(dog_and_cat()), "treebank-train-000001")
    assert text.startswith(
        "# sent_id = treebank-train-000001\n# text = dogs and cats\n1\tdogs\tdog\tNOUN\tNNS\t_\t0\troot\t_\t_\n"
    )
    assert text.endswith("\n\n")


def test_a_phrase_without_a_head_is_an_error() -> None:
    with pytest.raises(ValueError, match="phrase 'NP' has no head"):
        Phrase("NP").head()
