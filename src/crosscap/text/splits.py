"""Assigns pairs to ``train``, ``val`` and ``test`` by a hash of the source sentence.

The hash is of the sentence, not of the id: pairs with the same source, paraphrases of each other, share a split,
and a pair stays where it is when the corpus grows (with shares; with counts its neighbours matter).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pyarrow as pa

from crosscap.config.filter import Split
from crosscap.text.survivors import Numbers

KEYS = 2**63  # how many keys there are
NAMES = pa.array(["test", "val", "train"])
_BITS = 16  # of a key, that the keys are first counted by


class Splitter:
    """Says a pair's split by its key (`verdicts.split_key`)."""

    def __init__(self, keys: Callable[[], Iterable[Numbers]], parameters: Split) -> None:
        """``keys``: those of all pairs, in pieces. ``val``, ``test`` below 1 are shares, from 1 on numbers of pairs."""
        if max(parameters.val, parameters.test) < 1:
            test = int(parameters.test * KEYS)
            self._ends = [test, test + int(parameters.val * KEYS)]
        else:
            total = sum(len(piece) for piece in keys())
            test, val = (int(s) if s >= 1 else round(s * total) for s in (parameters.test, parameters.val))
            self._ends = [_after(keys, min(count, total)) for count in (test, test + val)]

    def split(self, keys: Numbers) -> pa.Array:
        """The name of each key's split."""
        return NAMES.take(pa.array(np.searchsorted(np.array(self._ends, np.uint64), keys, side="right")))


def _after(keys: Callable[[], Iterable[Numbers]], count: int) -> int:
    """The smallest key above the first ``count``; pairs of one sentence stay together, so a few more may lie below."""
    if not count:
        return 0
    shift = np.uint64(63 - _BITS)
    histogram = np.zeros(1 << _BITS, np.int64)
    for piece in keys():
        histogram += np.bincount((piece >> shift).astype(np.int64), minlength=len(histogram))
    upto = np.cumsum(histogram)
    bucket = int(np.searchsorted(upto, count))
    before = int(upto[bucket - 1]) if bucket else 0
    inside = np.concatenate([piece[piece >> shift == bucket] for piece in keys()])
    return int(np.sort(inside)[count - before - 1]) + 1
