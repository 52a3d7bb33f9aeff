from __future__ import annotations

from crosscap.evaluation.diversity import distinct, diversity, known_sentences

CAPTIONS = [["a", "dog", "runs"], ["a", "dog"], ["a", "cat", "runs"], []]


def test_distinct_ngrams_are_shares_of_all_that_were_said() -> None:
    assert distinct(CAPTIONS, 1) == 50.0  # a, dog, runs, cat of 8 words
    assert distinct(CAPTIONS, 2) == 80.0  # "a dog" twice among 5; none from one caption into the next
    assert distinct([["a"], []], 2) is None


def test_a_sentence_is_known_however_it_was_cut() -> None:
    captions = [["一只", "狗", "跑"], ["一只", "猫"]]
    known = known_sentences(captions, ["一 只 狗 ， 跑 。", "一只狗", "猫"], "zh")
    assert known == {"一只狗跑"}
    assert diversity(captions, known)["novel_sentences"] == 50.0


def test_an_empty_caption_is_short_and_not_new() -> None:
    assert diversity(CAPTIONS, set()) == {
        "distinct-1": 50.0,
        "distinct-2": 80.0,
        "vocabulary": 4,
        "mean_length": 2.0,
        "novel_sentences": 75.0,
    }


def test_without_captions_nothing_is_zero() -> None:
    assert set(diversity([], set()).values()) == {None}
