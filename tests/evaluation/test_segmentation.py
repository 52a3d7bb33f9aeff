from __future__ import annotations

import pytest

from crosscap.evaluation.segmentation import describe, segment


def test_given_words_lose_case_and_punctuation_of_both_scripts() -> None:
    captions = ["一个 Boy ， 穿 T恤 。", "狗 , 猫 .", "「 海滩 」 上。", ""]
    expected = [["一个", "boy", "穿", "t恤"], ["狗", "猫"], ["海滩", "上"], []]
    assert segment(captions, "given", "zh") == expected


def test_jieba_joins_words_first_so_that_another_segmentation_costs_nothing() -> None:
    assert segment(["一 个 男 人 在 公 园 里"], "jieba", "zh") == segment(["一个男人在公园里。"], "jieba", "zh")


def test_characters_split_words() -> None:
    assert segment(["红色 的 狗。"], "characters", "zh") == [["红", "色", "的", "狗"]]


def test_moses_cuts_german_sentences() -> None:
    assert segment(["Ein Hund, der läuft."], "moses", "de") == [["ein", "hund", "der", "läuft"]]


def test_line_breaks_inside_a_caption_are_spaces() -> None:
    assert segment(["狗\n在 \t 跑\u2028了"], "given", "zh") == [["狗", "在", "跑", "了"]]


def test_chinese_words_given_are_cut_exactly_as_coco_captions_tokenizer_cuts_them() -> None:
    captions = ["一个 女人 躺 在 沙滩 上 的 长椅 上", "狗 , 和 猫 .", "穿 T恤 的 男孩 - 在 玩", "两 辆 车 ; 一 只 狗 !"]
    assert segment(captions, "ptb", "zh") == segment(captions, "given", "zh")


def test_coco_captions_tokenizer_cuts_english_and_keeps_a_line_a_caption() -> None:
    captions = ["A man's dog, isn't it?", "", 'He says "hi".']
    assert segment(captions, "ptb", "en") == [["a", "man", "'s", "dog", "is", "n't", "it"], [], ["he", "says", "hi"]]


@pytest.mark.parametrize("policy", ["given", "jieba", "moses", "characters", "ptb"])
def test_every_policy_says_what_cuts(policy: str) -> None:
    assert describe(policy).startswith(policy)  # type: ignore[arg-type]
