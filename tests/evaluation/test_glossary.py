from __future__ import annotations

from collections.abc import Iterable

import pytest
import torch

from crosscap.evaluation.chinese_compounds import parts
from crosscap.evaluation.glossary import Glossary, Meaning, build_glossary, mutual_translations, without_inflections
from crosscap.vectors.lookup import AlignedVectors

Entries = dict[tuple[str, ...], tuple[str, ...]]


def at_spaces(texts: Iterable[str]) -> list[list[str]]:
    return [text.split() for text in texts]


@pytest.fixture
def vectors() -> AlignedVectors:
    """sun is 太阳's neighbour and back; moon's is 太阳, whose is not moon; 月 has no neighbour of its own."""
    source = torch.tensor([[1.0, 0.0], [0.8, 0.6]])
    target = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    return AlignedVectors(("sun", "moon"), ("太阳", "月"), source, target, torch.tensor([0, 0]))


def test_the_longest_entry_counts() -> None:
    entries: Entries = {("teddy",): ("ted",), ("teddy", "bär"): ("teddy bear",), ("bär",): ("bear",)}
    glossary = Glossary(entries)
    assert list(glossary.read(["ein", "teddy", "bär", "teddy"])) == [
        Meaning(1, 3, ("teddy bear",)),
        Meaning(3, 4, ("ted",)),
    ]
    assert glossary.gloss(["ein", "teddy", "bär", "teddy"]) == ["", "teddy bear", "teddy bear", "ted"]


def test_compounds_are_taken_apart_only_where_the_language_has_them() -> None:
    entries: Entries = {("狗",): ("dog", "dogs"), ("里",): ("in",), ("湖",): ("lake",)}
    assert Glossary(entries, compounds=True).gloss(["湖里", "小狗"]) == ["lake in", "dog"]
    assert Glossary(entries).gloss(["湖里", "小狗"]) == ["", ""]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("湖里", ["湖", "里"]),
        ("一棵树", ["一棵", "树"]),
        ("两狗", ["两", "狗"]),
        ("小狗", ["小", "狗"]),
        ("弹钢琴", ["弹", "钢琴"]),
        ("小椅子上", ["小", "椅子", "上"]),
        ("长椅", []),  # a bench is no chair
        ("对象", []),  # an object no elephant
        ("马路", []),
        ("上", []),
        ("狗狗", []),
        ("", []),
    ],
)
def test_a_head_of_one_letter_has_neighbours_of_closed_classes(word: str, found: list[str]) -> None:
    known = {"湖", "树", "狗", "弹", "钢琴", "椅子", "椅", "象", "马", "对"}
    assert parts(word, known) == found


def test_lists_are_believed_before_vectors(vectors: AlignedVectors) -> None:
    lexicon = [("dog", "狗"), ("dogs", "狗"), ("Guitar", "吉他"), ("dog", "狗")]
    names = {
        "dog": ("犬",),  # the lexicon has the word
        "tree": ("一棵", "树"),  # longer than its name
        "teddy bear": ("泰迪", "熊"),
        "dog in": ("狗", "里"),  # put together from single names
        "in": ("里",),
        "void": (),
    }
    glossary = build_glossary(lexicon, names, vectors, ["狗", "太阳", "月", "。"], at_spaces)
    assert glossary.entries == {
        ("狗",): ("dog", "dogs"),
        ("吉他",): ("guitar",),
        ("泰迪", "熊"): ("teddy bear",),
        ("里",): ("in",),
        ("太阳",): ("sun",),
    }


def test_vectors_answer_with_no_word_that_a_list_has(vectors: AlignedVectors) -> None:
    glossary = build_glossary([("sun", "日")], {}, vectors, ["太阳"], at_spaces)
    assert glossary.gloss(["太阳", "日"]) == ["", "sun"]


def test_nearest_neighbours_must_agree(vectors: AlignedVectors) -> None:
    assert list(mutual_translations(["太阳", "月", "星"], vectors)) == [("太阳", "sun")]
    assert list(mutual_translations([], vectors)) == []


def test_no_source_gives_no_gloss() -> None:
    assert build_glossary([], {}, None, ["狗"], at_spaces, compounds=True).gloss(["狗", "小狗"]) == ["", ""]


def test_of_inflections_the_first_is_shown() -> None:
    assert without_inflections(["dog", "dogs", "guy"]) == ["dog", "guy"]
    assert without_inflections(["wears", "wearing", "worn"]) == ["wears"]
    assert without_inflections(["man", "men", "woman"]) == ["man", "woman"]
