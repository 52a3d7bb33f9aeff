from __future__ import annotations

import tempfile

import pytest

from crosscap.errors import InputError
from crosscap.text.tokenizers import JiebaTokens, tokenizer


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "A man's dog & cat.", ["a", "man", "'s", "dog", "&", "cat", "."]),
        ("de", "Der Mann, der Hüte trägt.", ["der", "mann", ",", "der", "hüte", "trägt", "."]),
        ("zh", "两只狗在海滩上玩。", ["两只", "狗", "在", "海滩", "上", "玩", "。"]),
        ("zh", "", []),
    ],
)
def test_text_is_cut_into_lowercase_words(language, text, words):
    assert tokenizer(language).tokenize(text) == words


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "the man's dog, and a cat."), ("de", "der alte mann trägt einen hut."), ("zh", "他戴着帽子。")],
)
def test_detokenizing_gives_the_sentence_back(language, text):
    words = tokenizer(language)
    assert words.detokenize(words.tokenize(text)) == text


def test_composed_and_decomposed_letters_are_the_same_word():
    assert tokenizer("de").tokenize("Hu\u0308te") == ["hüte"]


def test_jieba_leaves_no_cache_in_the_shared_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    JiebaTokens().tokenize("两只狗")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match=r"found language 'xx', expected one of as, .*, zh"):
        tokenizer("xx")
