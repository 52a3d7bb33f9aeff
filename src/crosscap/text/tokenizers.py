"""Sentences to words and back: Moses rules for languages with spaces, jieba for Chinese.

Words are lowercased, in Unicode's composed form, and never contain white space, so that a list of words and its
join by single spaces say the same.
"""

from __future__ import annotations

import logging
import unicodedata
import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

from crosscap.errors import InputError

_MOSES = "as bn ca cs de el en es et fi fr ga gu hi hu is it kn lt lv ml mni mr nl or pa pl pt ro ru sk sl sv ta tdt te"
MOSES_LANGUAGES = tuple(_MOSES.split())
LANGUAGES = (*MOSES_LANGUAGES, "zh")


class Tokenizer(Protocol):
    """What every language's tokenizer does."""

    def tokenize(self, text: str) -> list[str]:
        """The words of ``text``, lowercased."""

    def detokenize(self, tokens: Sequence[str]) -> str:
        """``tokens`` as a reader would write them, lowercase."""


class MosesTokens:
    """sacremoses without HTML escapes: ``it's`` → ``it 's``."""

    def __init__(self, language: str) -> None:
        from sacremoses import MosesDetokenizer, MosesTokenizer

        self._tokenizer: Any = MosesTokenizer(lang=language)
        self._detokenizer: Any = MosesDetokenizer(lang=language)

    def tokenize(self, text: str) -> list[str]:
        return [str(word) for word in self._tokenizer.tokenize(_normal(text), escape=False)]

    def detokenize(self, tokens: Sequence[str]) -> str:
        return str(self._detokenizer.detokenize(list(tokens), unescape=False))


class JiebaTokens:
    """jieba with a dictionary of its own: no cache file in a folder that other processes write too.

    rjieba is eight times as fast, but cuts 2 of 42,000 real sentences differently, so jieba stays the only reading.
    """

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba imports pkg_resources, which warns that it will go
            import jieba

        jieba.setLogLevel(logging.WARNING)
        self._tokenizer: Any = jieba.Tokenizer()
        self._tokenizer.FREQ, self._tokenizer.total = self._tokenizer.gen_pfdict(self._tokenizer.get_dict_file())
        self._tokenizer.initialized = True

    def tokenize(self, text: str) -> list[str]:
        return [word for word in self._tokenizer.cut(_normal(text)) if word.strip()]

    def detokenize(self, tokens: Sequence[str]) -> str:
        text = ""
        for word in tokens:
            # Latin words and numbers keep a space between them, Chinese has none.
            apart = (
                bool(text) and text[-1].isascii() and text[-1].isalnum() and word[:1].isascii() and word[:1].isalnum()
            )
            text += f" {word}" if apart else word
        return text


@cache
def tokenizer(language: str) -> Tokenizer:
    """The tokenizer of an ISO 639-1 language code, loaded once a process.

    Raises:
        InputError: no tokenizer knows ``language``.
    """
    if language == "zh":
        return JiebaTokens()
    if language in MOSES_LANGUAGES:
        return MosesTokens(language)
    raise InputError(
        "params.yaml", f"language {language!r}", f"one of {', '.join(LANGUAGES)}", record="section languages"
    )


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()
