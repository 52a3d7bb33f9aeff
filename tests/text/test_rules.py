from __future__ import annotations

import pytest

from crosscap.config.filter import Coverage, LengthRatio, Words
from crosscap.text import rules
from crosscap.text.rules import Candidate


def pair(source: str, target: str = "一 只 狗") -> Candidate:
    return Candidate("p", source, target, "", tuple(source.lower().split()), tuple(target.lower().split()))


@pytest.mark.parametrize(
    "text",
    [
        "a dog \x07 runs",
        "<p>a dog runs</p>",
        "a dog runs<br/>",
        "cats &amp; dogs",
        "see www.example.org",
        "a caf\u00c3\u00a9",
        "a \ufffd dog",
        "“两只狗”".encode().decode("latin-1"),
        "Der Hut gehört ihr".encode().decode("cp1252"),
    ],
)
def test_control_characters_markup_and_mojibake_are_not_clean(text):
    assert not rules.clean()(pair(text))
    assert not rules.clean()(pair("a dog runs", text))


@pytest.mark.parametrize("text", ["A dog, a cat & 2 < 3 birds?!", "Der „große“ Hut gehört Zoë.", "他说：“好！”"])
def test_plain_text_with_quotes_and_umlauts_is_clean(text):
    assert rules.clean()(pair(text))


def test_a_target_that_repeats_the_source_is_a_copy():
    assert not rules.copies()(pair("a dog runs home", "a dog runs home"))
    assert rules.copies()(pair("der mann in berlin", "the man in berlin"))


def test_words_are_counted_without_punctuation_on_the_wanted_sides_with_both_ends_included():
    rule = rules.words(Words(sides=("source",), min=3, max=4))
    kept = [rule(pair(text)) for text in ("a dog .", "a dog runs .", "a b c d .", "a b c d e")]
    assert kept == [False, True, True, False]
    assert rules.words(Words(sides=("target",), min=3, max=3))(pair("a", "一 只 狗 。"))


def test_a_side_more_than_twice_as_long_is_out_of_ratio():
    rule = rules.length_ratio(LengthRatio(max=2.0))
    assert [rule(pair("a b c d e f", target)) for target in ("一 二", "一 二 三", "。")] == [False, True, False]


def test_coverage_counts_words_of_the_dictionary_and_the_limit_is_included():
    rule = rules.coverage(Coverage(sides=("source",), min=0.9), {"source": set("abcdefghi")})
    assert rule(pair("a b c d e f g h i x ."))
    assert not rule(pair("a b c d e f g h x ."))
    assert not rule(pair("."))


def test_the_first_of_equal_pairs_is_kept_and_other_translations_are_no_duplicates():
    rule = rules.duplicates()
    kept = [rule(pair(*sides)) for sides in (("a dog .", "狗"), ("A dog", "狗 。"), ("a dog", "犬"), ("a cat", "狗"))]
    assert kept == [True, False, True, True]
