"""Sentences to words and back: Moses rules for languages with spaces, jieba for Chinese, characters for the others.

Words are lowercased, in Unicode's composed form, and never contain white space, so that a list of words and its
join by single spaces say the same.

A new language is one entry of `TOKENIZERS`: its ISO 639-1 code and what makes a `Tokenizer` of it.
"""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from math import log
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
    """sacremoses without HTML escapes: ``it's`` → ``it 's``.

    Plain sentences take a short way, six times as fast, that gives the library's very words: where commas stand before
    spaces, apostrophes between letters, and full stops at the end alone, its thirty substitutions are these few.
    """

    _PADDED = '?!;:()"&/%“”„–…'

    def __init__(self, language: str) -> None:
        from sacremoses import MosesDetokenizer, MosesTokenizer

        self._tokenizer: Any = MosesTokenizer(lang=language)
        self._detokenizer: Any = MosesDetokenizer(lang=language)
        known = set(self._tokenizer.IsAlpha) & set(self._tokenizer.IsAlnum)
        letters = "".join(sorted(c for c in known if c.isalpha() and c == c.lower() and ord(c) < 0x250))
        run = f"[{letters}0-9 {self._PADDED}-]*"
        comma, apostrophe = f"(?<=[{letters}]),(?= )", f"(?<=[{letters}])'(?=[{letters}][{letters} ])"
        self._is_bare = re.compile(rf"[{letters}0-9 ]*\.?").fullmatch
        self._is_plain = re.compile(rf"{run}(?:(?:{comma}|{apostrophe}){run})*\.?").fullmatch
        self._pad = re.compile(f"([{self._PADDED}])").sub
        self._apostrophe = {"en": " '", "fr": "' ", "it": "' "}.get(language, " ' ")
        numeric = set(self._tokenizer.NUMERIC_ONLY_PREFIXES)
        self._abbreviations = frozenset(self._tokenizer.NONBREAKING_PREFIXES) - numeric

    def tokenize(self, text: str) -> list[str]:
        text = _normal(text)
        if not self._is_bare(text):
            if not self._is_plain(text):
                return [str(word) for word in self._tokenizer.tokenize(text, escape=False)]
            text = self._pad(r" \1 ", text.replace(",", " ,").replace("'", self._apostrophe))
        words = text.split()
        if words and words[-1][-1] == "." and words[-1] != "." and words[-1][:-1] not in self._abbreviations:
            words[-1:] = [words[-1][:-1], "."]
        return words

    def detokenize(self, tokens: Sequence[str]) -> str:
        return str(self._detokenizer.detokenize(list(tokens), unescape=False))


class JiebaTokens:
    """jieba with a dictionary of its own: no cache file in a folder that other processes write too.

    Its best path through the dictionary's words is searched here in one sweep over logarithms taken beforehand, and
    the hidden Markov model's answers are remembered: the same words as `jieba.Tokenizer.cut`, at twice the speed.
    rjieba is faster still, but cuts 2 of 42,000 real sentences differently.
    """

    def __init__(self, words: Path | None = None) -> None:
        """``words``: the user's own words in jieba's layout, one `word [count] [tag]` a line, over its dictionary.

        Raises:
            InputError: a line of ``words`` is no such entry.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba imports pkg_resources, which warns that it will go
            import jieba
            from jieba import finalseg

        jieba.setLogLevel(logging.WARNING)
        library: Any = jieba.Tokenizer()
        library.FREQ, library.total = library.gen_pfdict(library.get_dict_file())
        library.initialized = True
        if words:
            for number, line in read_text_lines(words):
                _add(library, words, number, line)
        # Beginnings of words are in the dictionary too, with no count.
        counts, total = library.FREQ, log(library.total)
        self._weights = {word: log(count) - total if count else None for word, count in counts.items()}
        self._unknown = log(1) - total
        self._blocks: Any = jieba.re_han_default.split
        self._guess = lru_cache(maxsize=1 << 16)(lambda letters: tuple(finalseg.cut(letters)))

    def tokenize(self, text: str) -> list[str]:
        words: list[str] = []
        for number, block in enumerate(self._blocks(_normal(text))):
            words += self._cut(block) if number % 2 else [sign for sign in block if not sign.isspace()]
        return words

    def _cut(self, block: str) -> list[str]:
        """A run of Chinese characters, Latin letters and digits, cut at the likeliest places."""
        words: list[str] = []
        ends, start, loose = self._ends(block), 0, 0  # from loose to start: letters that no word took
        while start < len(block):
            end = ends[start]
            if end - start > 1:
                words += self._guessed(block[loose:start])
                words.append(block[start:end])
                loose = end
            start = end
        words += self._guessed(block[loose:])
        return words

    def _ends(self, block: str) -> list[int]:
        """Where the word that starts at each place of the likeliest path ends."""
        size, weights = len(block), self._weights
        best, ends = [0.0] * (size + 1), [0] * size
        for start in range(size - 1, -1, -1):
            chosen, value = start + 1, None
            for end in range(start + 1, size + 1):
                word = block[start:end]
                if word not in weights:
                    break
                weight = weights[word]
                if weight is not None and (value is None or weight + best[end] >= value):
                    chosen, value = end, weight + best[end]
            best[start], ends[start] = self._unknown + best[start + 1] if value is None else value, chosen
        return ends

    def _guessed(self, letters: str) -> Sequence[str]:
        """Letters between the dictionary's words: words that only their sequence gives away."""
        if len(letters) < 2 or self._weights.get(letters) is not None:
            return letters
        return self._guess(letters)

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


def check_language(language: str) -> None:
    """Refuse a language that has no tokenizer.

    Raises:
        InputError: it is unknown; the known ones are named.
    """
    if language not in TOKENIZERS:
        known = ", ".join(sorted(TOKENIZERS))
        raise InputError("params.yaml", f"language {language!r}", f"one of {known}", record="section languages")


@cache
def tokenizer(language: str, words: Path | None = None) -> Tokenizer:
    """The tokenizer of an ISO 639-1 language code, loaded once a process.

    Args:
        words: the user's own words for the segmenter, or an empty file; Chinese alone has a segmenter.

    Raises:
        InputError: no tokenizer knows ``language``, or it takes no words.
    """
    check_language(language)
    if words is None or not words.stat().st_size:
        return TOKENIZERS[language]()
    if language != "zh":
        raise InputError(words, f"words for the segmenter of {language!r}", "none", "Only zh has a segmenter.")
    return JiebaTokens(words)


def _add(library: Any, path: Path, number: int, line: str) -> None:
    cells = _normal(line).split()
    # jieba keeps words of count 0 in a list that all its instances share.
    if len(cells) > 3 or (len(cells) > 1 and not (cells[1].isdecimal() and int(cells[1]))):
        expected = "`word`, `word count` or `word count tag`, the count from 1"
        raise InputError(path, repr(line[:60]), expected, record=number)
    if cells:
        library.add_word(*cells)


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
