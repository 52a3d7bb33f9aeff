from __future__ import annotations

import random

import pytest

from crosscap.config.alignment import Induction
from crosscap.vectors.induction import induced_lexicon, induced_pairs
from crosscap.vectors.lexicon import Entry

SETTINGS = Induction(iterations=5, pairs=1000, min_count=3, min_probability=0.2, test=0.2)


@pytest.fixture
def pairs() -> list[tuple[list[str], list[str]]]:
    """300 sentences of five words out of s0 … s29 and their translations t0 … t29 in another order, with commas."""
    chance = random.Random(3)
    found = []
    for _ in range(300):
        words = chance.sample(range(30), 5)
        target = [f"t{word}" for word in words]
        chance.shuffle(target)
        found.append(([f"s{word}" for word in words] + [","], [*target, "，"]))
    return found


def test_words_that_translate_each_other_are_found_and_punctuation_is_not(pairs) -> None:
    assert sorted(induced_pairs(pairs, SETTINGS)) == sorted((f"s{word}", f"t{word}") for word in range(30))


def test_the_most_frequent_source_word_comes_first(pairs) -> None:
    found = induced_pairs(pairs + [(["s7"], ["t7"])] * 200, SETTINGS)
    assert found[0] == ("s7", "t7")


def test_a_companion_that_is_not_chosen_back_is_no_translation(pairs) -> None:
    # `all` stands only beside s0, so t0 is its best target; t0's best source is s0, which it sees more often.
    with_companion = [
        ([*source, "all"] if "s0" in source and place % 2 else source, target)
        for place, (source, target) in enumerate(pairs)
    ]
    found = dict(induced_pairs(with_companion, SETTINGS))
    assert found["s0"] == "t0"
    assert "all" not in found


def test_rare_words_and_unsure_ones_are_left_out(pairs) -> None:
    rare = [*pairs, (["s0", "rare"], ["t0", "selten"])]
    assert "rare" not in dict(induced_pairs(rare, SETTINGS))
    assert ("rare", "selten") in induced_pairs(rare, SETTINGS.model_copy(update={"min_count": 1}))
    two_ways = [([f"a{n % 2}"], [f"b{n % 2}"]) if n % 5 else (["a0"], ["b1"]) for n in range(120)]
    assert len(induced_pairs(two_ways, SETTINGS)) == 2
    assert len(induced_pairs(two_ways, SETTINGS.model_copy(update={"min_probability": 0.9}))) == 0


def test_pairs_are_taken_evenly_where_there_are_too_many() -> None:
    pairs = [([f"s{place // 10}"], [f"t{place // 10}"]) for place in range(100)]
    some = SETTINGS.model_copy(update={"pairs": 20, "min_count": 2})
    assert len(induced_pairs(pairs, some)) == 10


def test_no_text_induces_nothing() -> None:
    assert induced_pairs([], SETTINGS) == []


def test_no_test_word_of_a_given_list_is_learned_from() -> None:
    given = [Entry("dog", "狗", "test"), Entry("cat", "猫", "train")]
    entries = induced_lexicon([("dog", "犬"), ("cat", "猫咪")], given, 0.2)
    assert entries == [Entry("cat", "猫咪", "train"), Entry("dog", "狗", "test")]


def test_without_a_list_a_share_of_the_induced_words_is_kept_for_the_score() -> None:
    entries = induced_lexicon([(f"w{n}", f"t{n}") for n in range(200)], [], 0.2)
    assert 25 <= sum(entry.part == "test" for entry in entries) <= 55
    assert [entry[:2] for entry in entries] == [(f"w{n}", f"t{n}") for n in range(200)]
