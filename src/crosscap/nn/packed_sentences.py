"""Sentences of several lengths laid out word after word, so that no step is spent on padding."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class PackedSentences:
    """B sentences, the longest first, as P words: all first words, then all second words, and so on.

    Attributes:
        words: [P] the word that is read at each place.
        following: [P] the word that comes after it.
        row: [P] the row of the batch it belongs to; places of one step keep one order of the rows.
        going: how many sentences still have a word at each step, never rising: P is their sum.
    """

    words: Tensor
    following: Tensor
    row: Tensor
    going: tuple[int, ...]


def pack_sentences(words_BT: Tensor, pad: int, inputs_BT: Tensor | None = None) -> PackedSentences:
    """Pack ids, <bos> first, ``pad`` after the last word: each word but the last is followed by one.

    Args:
        inputs_BT: what is read in the place of ``words_BT`` (scheduled sampling); the words that follow stay.
    """
    inputs = words_BT if inputs_BT is None else inputs_BT
    has_following = words_BT[:, 1:] != pad
    order = has_following.sum(1).argsort(descending=True, stable=True)
    steps, places = has_following[order].t().nonzero(as_tuple=True)
    row = order[places]
    going = [count for count in has_following.sum(0).tolist() if count]
    return PackedSentences(inputs[row, steps], words_BT[row, steps + 1], row, tuple(going))
