"""Word lists: caption dictionaries with counts, and bilingual lexicons."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from crosscap.errors import InputError
from crosscap.text.lines import read_text_lines
from crosscap.text.tokenizers import Tokenizer

_COUNT = re.compile(r"\d{1,18}", re.ASCII)


def is_word(token: str) -> bool:
    """Whether a token is a word rather than punctuation: it holds a letter or a digit."""
    return any(character.isalnum() for character in token)


def read_word_counts(path: str | Path) -> Counter[str]:
    """A word list (``word``, counted once) or counts (``word count``, ``word<TAB>count``), lowercased.

    Entries that are no words (punctuation, ``<S>``) are left out.

    Raises:
        InputError: not UTF-8, or a line of more than a word and a count.
    """
    counts: Counter[str] = Counter()
    for number, line in read_text_lines(path):
        cells = line.split("\t") if "\t" in line else line.split()
        if not cells or not any(cells):
            continue
        if len(cells) > 2 or (len(cells) == 2 and not _COUNT.fullmatch(cells[1].strip())):
            raise InputError(path, repr(line[:60]), "`word` or `word count`", record=number)
        word = cells[0].strip().lower()
        if is_word(word) and not (word.startswith("<") and word.endswith(">")):
            counts[word] += int(cells[1]) if len(cells) == 2 else 1
    return counts


def count_words(sentences: Iterable[str], tokenizer: Tokenizer) -> Counter[str]:
    """How often each word stands in ``sentences``."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update(token for token in tokenizer.tokenize(sentence) if is_word(token))
    return counts


def dictionary_lines(counts: Counter[str], min_count: int = 1) -> Iterator[str]:
    """``word<TAB>count`` lines, the most frequent first, then by code point."""
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count >= min_count:
            yield f"{word}\t{count}"


def read_lexicon(path: str | Path, layout: str) -> list[tuple[str, str]]:
    """Pairs ``(source word, target word)``, lowercased, each once, in the file's order.

    Args:
        layout: ``source target`` (MUSE: two words a line) or ``target @ source`` (hunalign's turned lines).

    Raises:
        InputError: not UTF-8, or a line that has another layout.
    """
    pairs: dict[tuple[str, str], None] = {}
    for number, line in read_text_lines(path):
        if not line.strip():
            continue
        separator = " @ " if layout == "target @ source" else "\t" if "\t" in line else None
        cells = [cell.strip().lower() for cell in line.split(separator)]
        if len(cells) != 2 or not all(cells):
            raise InputError(path, repr(line[:60]), f"`{layout}`", record=number)
        pairs[(cells[1], cells[0]) if layout == "target @ source" else (cells[0], cells[1])] = None
    return list(pairs)


def lexicon_lines(pairs: Iterable[tuple[str, str]], test_share: float) -> Iterator[str]:
    """``source<TAB>target<TAB>train|test`` lines; all translations of a source word fall on one side."""
    for source, target in pairs:
        yield f"{source}\t{target}\t{part_of(source, test_share)}"


def part_of(word: str, test_share: float) -> str:
    """``test`` for a share of all words, else ``train``: a property of the word, the same in every run and list."""
    position = int(hashlib.sha256(word.encode()).hexdigest()[:8], 16) / 0x100000000
    return "test" if position < test_share else "train"
