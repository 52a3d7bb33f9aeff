"""A dependency tree of one sentence in Universal Dependencies."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """One syntactic word, the columns of a CoNLL-U line.

    Attributes:
        form: the word as written.
        lemma: its base form; ``_`` where unknown.
        upos: universal part of speech.
        xpos: part of speech of the treebank's own tag set (English: Penn); ``_`` where there is none.
        feats: morphology as ``Number=Plur|Person=3``; ``_`` for none.
        head: number of the governing word, counted from 1; 0 for the root.
        relation: dependency relation with its subtype, such as ``acl:relcl``.
    """

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    relation: str


class Tree(NamedTuple):
    """The words of one caption with one root; ``id`` is its ``sent_id``."""

    id: str
    words: tuple[Word, ...]


def problem_of(words: tuple[Word, ...]) -> str | None:
    """Why ``words`` are no tree with one root, or None when they are."""
    count = len(words)
    roots = [number for number, word in enumerate(words, 1) if word.head == 0]
    if len(roots) != 1:
        return f"{len(roots)} roots"
    for number, word in enumerate(words, 1):
        if not 0 <= word.head <= count:
            return f"head {word.head} of word {number} outside a sentence of {count} words"
    for number in range(1, count + 1):
        steps, at = 0, number
        while at and steps <= count:
            at, steps = words[at - 1].head, steps + 1
        if at:
            return f"a cycle through word {number}"
    return None


def with_one_root(words: list[Word]) -> tuple[Word, ...]:
    """``words`` with every root but the first attached to the first as ``parataxis``: one caption, one tree."""
    roots = [number for number, word in enumerate(words, 1) if word.head == 0]
    if len(roots) == 1:
        return tuple(words)
    return tuple(
        word._replace(head=roots[0], relation="parataxis") if word.head == 0 and number != roots[0] else word
        for number, word in enumerate(words, 1)
    )
