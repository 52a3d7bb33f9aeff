"""Sentences to words and back: Moses rules for languages with spaces, jieba for Chinese, characters for the others.

Words are lowercased, in Unicode's composed form, and never contain white space, so that a list of words and its
join by single spaces say the same.

A new language is one entry of `TOKENIZERS`: its ISO 639-1 code and what makes a `Tokenizer` of it.
"""

from __future__ import annotations

import logging
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

from crosscap.errors import InputError
from crosscap.text.lines import read_text_lines

_MOSES = "as bn ca cs de el en es et fi fr ga gu hi hu is it kn lt lv ml mni mr nl or pa pl pt ro ru sk sl sv ta tdt te"
MOSES_LANGUAGES = tuple(_MOSES.split())
CHARACTER_LANGUAGES = ("ja", "km", "lo", "my", "th")  # written without spaces between words


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

    def __init__(self, words: Path | None = None) -> None:
        """``words``: the user's own words in jieba's layout, one `word [count] [tag]` a line, over its dictionary.

        Raises:
            InputError: a line of ``words`` is no such entry.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba imports pkg_resources, which warns that it will go
            import jieba

        jieba.setLogLevel(logging.WARNING)
        self._tokenizer: Any = jieba.Tokenizer()
        self._tokenizer.FREQ, self._tokenizer.total = self._tokenizer.gen_pfdict(self._tokenizer.get_dict_file())
        self._tokenizer.initialized = True
        if words:
            for number, line in read_text_lines(words):
                self._add(words, number, line)

    def _add(self, path: Path, number: int, line: str) -> None:
        cells = _normal(line).split()
        # jieba keeps words of count 0 in a list that all its instances share.
        if len(cells) > 3 or (len(cells) > 1 and not (cells[1].isdecimal() and int(cells[1]))):
            expected = "`word`, `word count` or `word count tag`, the count from 1"
            raise InputError(path, repr(line[:60]), expected, record=number)
        if cells:
            self._tokenizer.add_word(*cells)

    def tokenize(self, text: str) -> list[str]:
        return [word for word in self._tokenizer.cut(_normal(text)) if word.strip()]

    def detokenize(self, tokens: Sequence[str]) -> str:
        return _join(tokens)


class CharacterTokens:
    """One word a character, with the marks that stand on it; runs of Latin letters and of digits stay whole.

    No segmentation: an honest answer for languages without spaces that no segmenter is installed for.
    """

    def tokenize(self, text: str) -> list[str]:
        tokens: list[str] = []
        previous = ""  # the character before, empty after white space
        for character in _normal(text):
            if previous and (unicodedata.category(character)[0] == "M" or (_latin(previous) and _latin(character))):
                tokens[-1] += character
            elif not character.isspace():
                tokens.append(character)
            previous = "" if character.isspace() else character
        return tokens

    def detokenize(self, tokens: Sequence[str]) -> str:
        return _join(tokens)


# What knows a language, by its ISO 639-1 code.
TOKENIZERS: dict[str, Callable[[], Tokenizer]] = {
    **{language: partial(MosesTokens, language) for language in MOSES_LANGUAGES},
    **dict.fromkeys(CHARACTER_LANGUAGES, CharacterTokens),
    "zh": JiebaTokens,
}


@cache
def tokenizer(language: str, words: Path | None = None) -> Tokenizer:
    """The tokenizer of an ISO 639-1 language code, loaded once a process.

    Args:
        words: the user's own words for the segmenter, or an empty file; Chinese alone has a segmenter.

    Raises:
        InputError: no tokenizer knows ``language``, or it takes no words.
    """
    if language not in TOKENIZERS:
        known = ", ".join(sorted(TOKENIZERS))
        raise InputError("params.yaml", f"language {language!r}", f"one of {known}", record="section languages")
    if words is None or not words.stat().st_size:
        return TOKENIZERS[language]()
    if language != "zh":
        raise InputError(words, f"words for the segmenter of {language!r}", "none", "Only zh has a segmenter.")
    return JiebaTokens(words)


def _join(tokens: Sequence[str]) -> str:
    """Text without spaces, save between Latin words and numbers."""
    text = ""
    for word in tokens:
        text += f" {word}" if text and _latin(text[-1]) and _latin(word[:1]) else word
    return text


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()
