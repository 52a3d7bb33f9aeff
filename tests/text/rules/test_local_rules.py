"""Every rule on a single pair, with examples on both sides of its edge."""

from __future__ import annotations

import pytest

from crosscap.errors import InputError
from crosscap.text.rules.form import brackets, clean
from crosscap.text.rules.languages import language, script
from crosscap.text.rules.numbers import numbers
from crosscap.text.rules.vocabulary import copies, coverage, length_ratio, words
from tests.text.rules.pairs import pair, setting


@pytest.mark.parametrize(
    "text",
    [
        "a dog \x07 runs",
        "<p>a dog runs</p>",
        "a dog runs<br/>",
        "cats &amp; dogs",
        "see www.example.org",
        "see Www.example.org",
        "HTTP://example.org",
        "a caf\u00c3\u00a9",
        "a \ufffd dog",
        "what ??? now",
        "“两只狗”".encode().decode("latin-1"),
        "Der Hut gehört ihr".encode().decode("cp1252"),
    ],
)
def test_control_characters_markup_and_mojibake_are_not_clean(text):
    assert not clean(setting())(pair(text))
    assert not clean(setting())(pair("a dog runs", text))


@pytest.mark.parametrize(
    "text", ["A dog, a cat & 2 < 3 birds?!", "Der „große“ Hut gehört Zoë.", "他说：“好！”", "a\u00a0dog"]
)
def test_plain_text_with_quotes_and_umlauts_is_clean(text):
    assert clean(setting())(pair(text))


@pytest.mark.parametrize(
    ("source", "target", "kept"),
    [
        ("a dog (black)", "一只狗（黑色）", True),
        ("a dog (black", "一只狗（黑色）", False),
        ("a dog (black)", "一只狗", False),
        ("[a (b]) c", "[a (b]) c", False),
        ("a dog", "一只狗", True),
        ("a dog :)", "一只狗 :)", False),
    ],
)
def test_brackets_close_and_are_as_many_on_both_sides(source, target, kept):
    assert brackets(setting())(pair(source, target)) is kept


def test_a_target_that_repeats_seven_words_in_ten_is_a_copy():
    rule = copies(setting())
    assert not rule(pair("a b c d e f g", "a b c d e f g 一 二 三"))
    assert rule(pair("a b c d e f g", "a b c d e f 一 二 三 四"))
    assert rule(pair("a", "。"))


def test_each_side_is_in_its_language():
    rule = language(setting())
    assert rule(pair("two dogs are in the park", "两 只 狗 在 公园"))
    assert not rule(pair("zwei hunde sind in dem park", "两 只 狗 在 公园"))
    assert not rule(pair("two dogs are in the park", "two dogs are in the park"))


def test_the_share_of_letters_in_the_script_is_taken_on_both_sides_and_the_limit_is_included():
    rule = script(setting())
    kept = [rule(pair("a dog", target)) for target in ("一二三a", "一二ab", "一二三", "...", "1 2")]
    assert kept == [True, False, True, False, False]
    assert not rule(pair("狗", "狗"))


def test_a_language_of_unknown_script_is_an_error():
    with pytest.raises(InputError, match="found no script of language 'xx'"):
        script(setting(languages=("en", "xx")))


def test_words_are_counted_without_punctuation_on_the_wanted_sides_with_both_ends_included():
    rule = words(setting())
    kept = [rule(pair(text)) for text in ("a dog .", "a dog runs .", "a b c d .", "a b c d e")]
    assert kept == [False, True, True, False]
    both = words(setting(words={"sides": ["source", "target"], "min": 3, "max": 3}))
    assert both(pair("a b c", "一 只 狗 。"))
    assert not both(pair("a b c", "一 狗 。"))


def test_a_side_more_than_twice_as_long_is_out_of_ratio():
    rule = length_ratio(setting())
    assert [rule(pair("a b c d e f", target)) for target in ("一 二", "一 二 三", "。")] == [False, True, False]
    assert not rule(pair(".", "。"))


def test_coverage_counts_words_of_the_dictionary_and_the_limit_is_included():
    rule = coverage(setting(dictionaries={"source": set("abcdefghi")}))
    assert rule(pair("a b c d e f g h i x ."))
    assert not rule(pair("a b c d e f g h x ."))
    assert not rule(pair("."))


@pytest.mark.parametrize(
    ("source", "target", "kept"),
    [
        ("3 dogs", "3 只 狗", True),
        ("3 dogs", "4 只 狗", False),
        ("3 dogs", "三只狗", True),
        ("three dogs", "3只狗", True),
        ("three dogs", "四只狗", True),  # words alone need no counterpart
        ("3 and 3 dogs", "3 只 狗", False),
        ("35 dogs", "三十五只狗", True),
        ("1,000 euros", "1.000 欧元", True),
        ("5 million people", "500万 人", True),
        ("in 2010", "二〇一〇 年", True),
        ("room 101", "房间 一百零一", True),
        ("room 101", "房间 一百一十", False),
        ("3 dogs", "\uff13 只 狗", True),
        ("9" * 5000, "狗", False),
    ],
)
def test_numbers_in_digits_have_a_counterpart(source, target, kept):
    assert numbers(setting())(pair(source, target)) is kept


def test_so_many_numbers_may_be_alone():
    rule = numbers(setting(numbers={"max": 1}))
    assert [rule(pair(source, "狗")) for source in ("7", "7 8")] == [True, False]
