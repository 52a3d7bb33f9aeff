"""What the rules on single pairs say, pair by pair: small values that any process can compute and a cache can keep."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence

import numpy as np

from crosscap.text.rules.candidate import Candidate, Sentence, Setting
from crosscap.text.rules.catalogue import GLOBAL, LOCAL
from crosscap.text.tokenizers import Tokenizer

Texts = tuple[str, str]
KEPT = 255  # in the place of the number of a rule
HEAD = np.dtype([("verdict", "u1"), ("digest", "<u8"), ("key", "<u8")])
_HEAD = struct.Struct("<BQQ")
assert _HEAD.size == HEAD.itemsize


def judge(setting: Setting, source: Tokenizer, target: Tokenizer) -> Callable[[Sequence[Texts]], list[bytes]]:
    """Make the function that judges pairs of sentences.

    The value of a pair is one byte, the number of the rule that refuses it, if that comes before all global rules;
    else a `HEAD` and the words: ``source words<TAB>target words``, joined by spaces.
    """
    names = setting.parameters.rules
    rules = [(number, LOCAL[name](setting)) for number, name in enumerate(names) if name in LOCAL]
    settled = next((number for number, name in enumerate(names) if name in GLOBAL), len(names))

    def value(texts: Texts) -> bytes:
        pair = Candidate(Sentence(texts[0], source), Sentence(texts[1], target))
        verdict = next((number for number, keep in rules if not keep(pair)), KEPT)
        if verdict < settled:
            return bytes((verdict,))
        words = " ".join(pair.source.words)
        head = _HEAD.pack(verdict, _digest(f"{words}\t{' '.join(pair.target.words)}"), split_key(words))
        return head + f"{' '.join(pair.source.tokens)}\t{' '.join(pair.target.tokens)}".encode()

    return lambda pairs: [value(texts) for texts in pairs]


def split_key(words: str) -> int:
    """63 bits of a hash of a sentence's words, joined by spaces."""
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") >> 1


def _digest(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "little")
