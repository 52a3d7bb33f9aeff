"""Which of very many 64-bit keys were there before? Answered part by part, in the memory of one part.

Keys lie in a file. Each sweep over it looks at the keys that begin with some bits, few enough to be held; 100 million
keys take 128 sweeps over 800 MB, a minute or two.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from crosscap.text.survivors import Column, Mask, Numbers

PART = 1_000_000  # keys held at a time, about: 40 MB with what it takes to merge them


def repeats(keys: Column, alive: Mask, part: int = PART) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield ``(positions, positions of the first pair with the same key)`` for pairs that are not the first.

    Args:
        keys: one for each pair, evenly spread as hashes are.
        alive: the pairs that take part.
        part: keys held at a time, about.
    """
    bits = max(0, int(np.count_nonzero(alive)) // part).bit_length()
    for prefix in range(1 << bits):
        known, firsts = np.empty(0, np.uint64), np.empty(0, np.int64)
        for positions, found in _chosen(keys, alive, prefix, bits, part // 4 + 1):
            unique, first, inverse = np.unique(found, return_index=True, return_inverse=True)
            first = positions[first]
            places = np.searchsorted(known, unique)
            old = np.zeros(len(unique), bool)
            inside = places < len(known)
            old[inside] = known[places[inside]] == unique[inside]
            first[old] = firsts[places[old]]
            later = positions != first[inverse]
            yield positions[later], first[inverse][later]
            known, firsts = (
                np.insert(known, places[~old], unique[~old]),
                np.insert(firsts, places[~old], first[~old]),
            )


def _chosen(keys: Column, alive: Mask, prefix: int, bits: int, least: int) -> Iterator[tuple[Numbers, Numbers]]:
    """Positions and keys that begin with ``prefix``, ``least`` or some more of them at a time."""
    positions: list[Numbers] = []
    chosen: list[Numbers] = []
    for start, values in keys.pieces():
        mask = alive[start : start + len(values)]
        if bits:
            mask = mask & (values >> np.uint64(64 - bits) == prefix)
        positions.append(start + np.flatnonzero(mask))
        chosen.append(values[mask])
        if sum(map(len, chosen)) >= least:
            yield np.concatenate(positions), np.concatenate(chosen)
            positions, chosen = [], []
    if positions:
        yield np.concatenate(positions), np.concatenate(chosen)
