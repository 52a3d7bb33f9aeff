"""Words and their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json, write_json

PAD, BOS, EOS, UNK = 0, 1, 2, 3
SPECIALS = ("<pad>", "<bos>", "<eos>", "<unk>")


class Vocabulary:
    """The words of one language; ids 0–3 are `SPECIALS`."""

    def __init__(self, words: Sequence[str]) -> None:
        """``words``: all words in order of their ids, specials first (see `from_words` for plain words)."""
        if tuple(words[: len(SPECIALS)]) != SPECIALS:
            raise ValueError(f"a vocabulary starts with {SPECIALS}, not {tuple(words[: len(SPECIALS)])}")
        self.words = tuple(words)
        self._ids = {word: number for number, word in enumerate(self.words)}
        if len(self._ids) != len(self.words):
            raise ValueError("a word stands twice in the vocabulary")

    @classmethod
    def from_words(cls, words: Iterable[str]) -> Vocabulary:
        """A vocabulary of plain ``words`` (without specials), ids in their order."""
        return cls((*SPECIALS, *words))

    @classmethod
    def from_counts(cls, counts: Mapping[str, int], threshold: int) -> Vocabulary:
        """The words seen at least ``threshold`` times, the most frequent first, then by code point."""
        return cls.from_words(_frequent(counts, threshold))

    def united(self, counts: Mapping[str, int], threshold: int) -> Vocabulary:
        """This vocabulary and, behind it, the words of ``counts`` that it lacks, by the rule of `from_counts`."""
        return Vocabulary((*self.words, *(word for word in _frequent(counts, threshold) if word not in self)))

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._ids

    def id(self, word: str) -> int:
        """The id of ``word``, `UNK` for an unknown one."""
        return self._ids.get(word, UNK)

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Ids of ``tokens``, `UNK` for unknown words; adds no `BOS` or `EOS`."""
        return [self._ids.get(token, UNK) for token in tokens]

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Words of ``ids`` up to the first `EOS`, without `PAD` and `BOS`."""
        words = []
        for number in ids:
            if number == EOS:
                break
            if number not in (PAD, BOS):
                words.append(self.words[number])
        return words


def _frequent(counts: Mapping[str, int], threshold: int) -> list[str]:
    kept = (word for word, count in counts.items() if count >= threshold and word not in SPECIALS)
    return sorted(kept, key=lambda word: (-counts[word], word))


def write_vocabularies(path: str | Path, source: Vocabulary, target: Vocabulary) -> None:
    """Write ``data/vocabulary/T.json``."""
    write_json(path, {"source": list(source.words), "target": list(target.words)})


def read_vocabularies(path: str | Path) -> tuple[Vocabulary, Vocabulary]:
    """The source and the target vocabulary of ``data/vocabulary/T.json``.

    Raises:
        InputError: a side is missing, lacks its specials, or holds a word twice.
    """
    value = read_json(path)
    sides = []
    for side in ("source", "target"):
        words = value.get(side) if isinstance(value, dict) else None
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise InputError(path, "no list of words", "words in order of their ids", record=f"key {side}")
        try:
            sides.append(Vocabulary(words))
        except ValueError as error:
            raise InputError(path, str(error), f"{SPECIALS} and then words, each once", record=f"key {side}") from None
    return sides[0], sides[1]
