"""What every tokenizer promises for any text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscap.text.tokenizers import tokenizer

TEXT = st.text(
    st.one_of(st.sampled_from("ab Z9.'&<|-\t\n\u3000\u200b\u2028狗猫，。éÄß\u0301がバัดี"), st.characters(codec="utf-8")),
    max_size=30,
)


@pytest.mark.parametrize("language", ["en", "de", "zh", "ja"])
@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_words_are_lowercase_never_empty_and_hold_no_white_space(language: str, text: str) -> None:
    for word in tokenizer(language).tokenize(text):
        assert word and word == word.lower()
        assert word.split() == [word]


@pytest.mark.parametrize("language", ["zh", "ja"])
@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_languages_without_spaces_lose_nothing_but_white_space(language: str, text: str) -> None:
    joined = "".join(tokenizer(language).tokenize(text))
    assert joined == "".join(unicodedata.normalize("NFC", text).lower().split())
