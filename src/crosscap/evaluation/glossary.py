"""Words of a target language and what they mean in English, from the word lists and vectors that a project has.

A gloss is what a word can mean, without regard to its sentence: ``蝙蝠`` and ``球棒`` are both "bat" where the list
says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from crosscap.evaluation.chinese_compounds import parts
from crosscap.graph.rules.lemmas import noun_lemma, verb_lemma
from crosscap.text.dictionaries import is_word
from crosscap.vectors.lookup import AlignedVectors
from crosscap.vectors.nearest import nearest_rows

Cut = Callable[[Iterable[str]], list[list[str]]]
"""Cuts sentences into words, without punctuation."""


class Meaning(NamedTuple):
    """What the words from ``start`` to ``stop`` mean; parts of one word share its place."""

    start: int
    stop: int
    english: tuple[str, ...]


class Glossary:
    """English for words.

    Args:
        entries: a word, or several that follow each other, and their English names, each once.
        compounds: whether an unknown word may be taken apart, see `chinese_compounds`.
    """

    def __init__(self, entries: Mapping[tuple[str, ...], tuple[str, ...]], compounds: bool = False) -> None:
        self.entries = dict(entries)
        self._longest = max(map(len, self.entries), default=0)
        self._compounds = compounds
        self._words = {words[0] for words in self.entries if len(words) == 1}

    def read(self, words: Sequence[str]) -> Iterator[Meaning]:
        """A sentence's meanings from left to right, of the longest entry at each place; unknown words have none."""
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                english = self.entries.get(tuple(words[at : at + length]))
                if english:
                    yield Meaning(at, at + length, english)
                    break
            else:
                length = 1
                for part in parts(words[at], self._words) if self._compounds else ():
                    if (part,) in self.entries:
                        yield Meaning(at, at + 1, self.entries[(part,)])
            at += length

    def gloss(self, words: Sequence[str]) -> list[str]:
        """For each word its English, choices joined by ``/`` and parts by a space; empty where it is unknown.

        A word of an entry of several words has the gloss of the whole. Of inflections of one word the first is shown.
        """
        glosses: list[list[str]] = [[] for _ in words]
        for meaning in self.read(words):
            for at in range(meaning.start, meaning.stop):
                glosses[at].append("/".join(without_inflections(meaning.english)))
        return [" ".join(parts) for parts in glosses]


def build_glossary(
    lexicon: Iterable[tuple[str, str]],
    names: Mapping[str, Sequence[str]],
    vectors: AlignedVectors | None,
    wanted: Iterable[str],
    cut: Cut,
    compounds: bool = False,
) -> Glossary:
    """Ask three sources, the surest first.

    Args:
        lexicon: pairs ``(English, target)``: all that a list says counts.
        names: translations of English names by a translator or a list (`NodeTranslations.of`). Those that the lexicon
            has are not asked again; nor are those longer than their name: a translator of sentences stutters over
            single words; nor names put together from words that stand there as well.
        vectors: of both languages in one space. They answer for ``wanted`` words that no list knows, by English words
            that no list knows, where each is the other's nearest neighbour.
        wanted: words whose meaning will be asked.
        cut: how captions were cut, so that entries are cut alike.
        compounds: see `Glossary`.
    """
    pairs = dict.fromkeys(lexicon)
    listed = {english for english, _ in pairs}
    for name, tokens in names.items():
        single = name.split()
        put_together = len(single) > 1 and all(word in names or word in listed for word in single)
        if name not in listed and not put_together and 0 < len(tokens) <= len(single):
            pairs[(name, " ".join(tokens))] = None
    entries: dict[tuple[str, ...], dict[str, None]] = {}
    for (english, _), words in zip(pairs, cut([target for _, target in pairs]), strict=True):
        if words:
            entries.setdefault(tuple(words), {})[english.lower()] = None
    if vectors is not None:
        known = {english for english, _ in pairs}
        unlisted = sorted({word for word in wanted if is_word(word) and (word,) not in entries})
        for target, english in mutual_translations(unlisted, vectors):
            if english not in known and is_word(english):
                entries[(target,)] = {english: None}
    return Glossary({words: tuple(english) for words, english in entries.items()}, compounds)


def mutual_translations(words: Iterable[str], vectors: AlignedVectors) -> Iterator[tuple[str, str]]:
    """``(target word, source word)`` for those of ``words`` that are most similar each to the other."""
    rows = [(word, row) for word in words if (row := vectors.target_index(word)) is not None]
    if not rows or not vectors.source_words:
        return
    nearest = nearest_rows(vectors.target[[row for _, row in rows]], vectors.source)[:, 0].tolist()
    for (word, row), best in zip(rows, nearest, strict=True):
        if int(vectors.nearest[best]) == row:
            yield word, vectors.source_words[best]


def without_inflections(names: Sequence[str]) -> list[str]:
    """``["dog", "dogs", "guy"]`` → ``["dog", "guy"]``: of several forms of a word the first."""
    kept, seen = [], set[str]()
    for name in names:
        lemmas = {name, noun_lemma(name), verb_lemma(name)}
        if not lemmas & seen:
            kept.append(name)
        seen |= lemmas
    return kept
