"""What the rules on single pairs say, pair by pair: small values that any process can compute and a cache can keep."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence

import numpy as np

from crosscap.text.rules.candidate import Candidate, EachSide, Sentence, Setting
from crosscap.text.rules.catalogue import GLOBAL, LOCAL
from crosscap.text.survivors import Numbers
from crosscap.text.tokenizers import Tokenizer

Texts = tuple[str, str]
# A verdict is the number of the rule that refuses, and above its bits the sides that do (`EachSide.refusing`).
_RULE_BITS = 4
_RULE = (1 << _RULE_BITS) - 1
assert len(LOCAL) + len(GLOBAL) <= _RULE
KEPT = 255  # no rule has the number _RULE
HEAD = np.dtype([("verdict", "u1"), ("digest", "<u8"), ("key", "<u8")])
_HEAD = struct.Struct("<BQQ")
assert _HEAD.size == HEAD.itemsize


def judge(setting: Setting, source: Tokenizer, target: Tokenizer) -> Callable[[Sequence[Texts]], list[bytes]]:
    """Make the function that judges pairs of sentences.

    The value of a pair is one byte, the verdict of the rule that refuses it, if that comes before all global rules;
    else a `HEAD` and the words: ``source words<TAB>target words``, joined by spaces.
    """
    names = setting.parameters.rules
    rules = [(number, LOCAL[name](setting)) for number, name in enumerate(names) if name in LOCAL]
    settled = next((number for number, name in enumerate(names) if name in GLOBAL), len(names))

    def verdict_on(pair: Candidate) -> int:
        for number, keep in rules:
            if not keep(pair):
                return number | (keep.refusing(pair) << _RULE_BITS if isinstance(keep, EachSide) else 0)
        return KEPT

    def value(texts: Texts) -> bytes:
        pair = Candidate(Sentence(texts[0], source), Sentence(texts[1], target))
        verdict = verdict_on(pair)
        if verdict & _RULE < settled:
            return bytes((verdict,))
        words = " ".join(pair.source.words)
        head = _HEAD.pack(verdict, _digest(f"{words}\t{' '.join(pair.target.words)}"), split_key(words))
        return head + f"{' '.join(pair.source.tokens)}\t{' '.join(pair.target.tokens)}".encode()

    return lambda pairs: [value(texts) for texts in pairs]


def rule_of(verdicts: Numbers) -> Numbers:
    """The number of the rule that refused each pair; one above all of them where none did."""
    return verdicts & _RULE


def sides_of(verdicts: Numbers) -> Numbers:
    """1 where the source alone was refused, 2 the target, 3 both, 0 where the rule does not tell."""
    return verdicts >> _RULE_BITS


def split_key(words: str) -> int:
    """63 bits of a hash of a sentence's words, joined by spaces."""
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") >> 1


def _digest(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "little")
