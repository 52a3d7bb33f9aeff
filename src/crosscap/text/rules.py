"""The rules a pair must pass to be kept. Each is a small function of one pair; some remember what they saw.

A rule answers whether to keep a pair. Which rules are used, and in which order, stands in ``params.yaml``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from crosscap.config.filter import Coverage, LengthRatio, Words
from crosscap.text.dictionaries import is_word
from crosscap.text.language_evidence import is_language

_MARKUP = re.compile(
    r"</?[a-z][^<>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});|https?://|www\.|\{\{|\}\}|\[\[|\]\]", re.IGNORECASE
)
# UTF-8 once read as Latin-1 or Windows-1252 leaves these beginnings; U+FFFD and runs of ? are lost letters.
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï¿½|ï»¿|\ufffd|\\?{3,}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair with its words."""

    id: str
    source: str
    target: str
    origin: str
    source_tokens: tuple[str, ...]
    target_tokens: tuple[str, ...]

    def tokens(self, side: str) -> tuple[str, ...]:
        return self.source_tokens if side == "source" else self.target_tokens


Rule = Callable[[Candidate], bool]


def clean() -> Rule:
    """No control characters, markup, web addresses or mojibake on either side."""
    return lambda pair: all(_is_clean(text) for text in (pair.source, pair.target))


def copies(share: float = 0.7) -> Rule:
    """Fewer than ``share`` of the target's words stand in the source: the target is a translation, not a copy."""

    def keep(pair: Candidate) -> bool:
        source, words = set(pair.source_tokens), [word for word in pair.target_tokens if is_word(word)]
        return sum(word in source for word in words) < share * len(words) or not words

    return keep


def language(source: str, target: str) -> Rule:
    """Each side is in its language, as its letters and commonest words show."""
    return lambda pair: (
        is_language(source, pair.source, pair.source_tokens) and is_language(target, pair.target, pair.target_tokens)
    )


def words(parameters: Words) -> Rule:
    """``min`` to ``max`` words (punctuation does not count) on each of ``sides``."""

    def keep(pair: Candidate) -> bool:
        counts = (sum(map(is_word, pair.tokens(side))) for side in parameters.sides)
        return all(parameters.min <= count <= parameters.max for count in counts)

    return keep


def length_ratio(parameters: LengthRatio) -> Rule:
    """Neither side has more than ``max`` times the other's words."""

    def keep(pair: Candidate) -> bool:
        source, target = (sum(map(is_word, pair.tokens(side))) for side in ("source", "target"))
        return 0 < max(source, target) <= parameters.max * min(source, target)

    return keep


def coverage(parameters: Coverage, dictionaries: Mapping[str, Collection[str]]) -> Rule:
    """At least ``min`` of the words on each of ``sides`` stand in that side's caption dictionary."""

    def keep(pair: Candidate) -> bool:
        for side in parameters.sides:
            known = [word in dictionaries[side] for word in pair.tokens(side) if is_word(word)]
            if sum(known) < parameters.min * len(known) or not known:
                return False
        return True

    return keep


def duplicates() -> Rule:
    """The first of all pairs with the same words on both sides. Remembers 16 bytes a pair."""
    seen: set[bytes] = set()

    def keep(pair: Candidate) -> bool:
        text = " ".join(filter(is_word, pair.source_tokens)) + "\t" + " ".join(filter(is_word, pair.target_tokens))
        digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
        new = digest not in seen
        seen.add(digest)
        return new

    return keep


def _is_clean(text: str) -> bool:
    if any(unicodedata.category(character) in ("Cc", "Co", "Cs", "Cn") for character in text):
        return False
    return not (_MARKUP.search(text) or _MOJIBAKE.search(text) or _is_misread(text))


def _is_misread(text: str) -> bool:
    """Whether the whole text is UTF-8 that somebody read as Latin-1 or Windows-1252."""
    if text.isascii():
        return False
    for encoding in ("latin-1", "cp1252"):
        try:
            text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False
