"""A rule on the whole corpus: pairs that were there before in nearly the same words.

MinHash (Broder 1997) with banding finds the earlier pair to compare with; the words themselves decide.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from zlib import crc32

import numpy as np

from crosscap.text.rules.candidate import Setting
from crosscap.text.rules.repeats import repeats
from crosscap.text.survivors import Column, Mask, Numbers, Survivors

# Pairs that share a share s of their words share a band with probability 1 - (1 - s^ROWS)^BANDS: 0.99 at 0.8.
BANDS, ROWS = 8, 4
_PAIRS = 4096  # hashed at a time
_FACTORS = np.frombuffer(b"".join(sha256(bytes([number])).digest()[:16] for number in range(BANDS * ROWS)), "<u8")
_FACTORS = _FACTORS.reshape(-1, 2) | np.uint64(1)  # multiplication by an odd number loses nothing


def near_duplicates(survivors: Survivors, alive: Mask, setting: Setting) -> Mask:
    """Drops pairs that share ``similarity`` of their words (Jaccard, both sides) with an earlier pair.

    A pair is compared with the first pair of each of the `BANDS` that it is in: what is dropped is similar indeed, and
    nearly all of what is similar is dropped. Disk: 110 bytes and 4 for each word a pair.
    """
    least = setting.parameters.near_duplicates.similarity
    refused = np.zeros(survivors.count, bool)
    bands = [Column(survivors.folder / f"band{number}", "<u8") for number in range(BANDS)]
    words, ends = Column(survivors.folder / "words", "<u4"), Column(survivors.folder / "ends", "<u8")
    _write(survivors, alive, bands, words, ends)
    with open(words.path, "rb") as words_file, open(ends.path, "rb") as ends_file:
        for band in bands:
            for positions, firsts in repeats(band, alive):
                for position, first in zip(positions.tolist(), firsts.tolist(), strict=True):
                    if not refused[position]:
                        one, other = (_read(words_file.fileno(), ends_file.fileno(), n) for n in (position, first))
                        refused[position] = _similarity(one, other) >= least
    return refused


def word_hashes(source: list[str], target: list[str]) -> set[int]:
    """The words of a pair as 32-bit numbers; a word of the source is another than the same one of the target.

    A pair without words has one number too, so that such pairs are alike.
    """
    return {*map(_source_hash, source), *map(_target_hash, target)} or {0}


def band_keys(words: Numbers, starts: Numbers) -> Numbers:
    """Keys ``[pairs, BANDS]`` of pairs whose word hashes lie one after the other, from ``starts``; none is empty."""
    keys = np.zeros((len(starts), BANDS), np.uint64)
    if not len(starts):
        return keys
    wide = words.astype(np.uint64)
    for number, (factor, shift) in enumerate(_FACTORS):
        lowest = np.minimum.reduceat((wide * factor + shift) >> np.uint64(32), starts)
        band = number // ROWS
        keys[:, band] = (keys[:, band] ^ lowest) * np.uint64(0x9E3779B97F4A7C15)
        keys[:, band] ^= keys[:, band] >> np.uint64(29)
    return keys


def _write(survivors: Survivors, alive: Mask, bands: list[Column], words: Column, ends: Column) -> None:
    end = 0
    for hashes in _hashes(survivors, alive):
        sizes = np.array([len(pair) for pair in hashes], np.uint64)
        flat = np.fromiter(chain.from_iterable(hashes), np.uint32, int(sizes.sum()))
        filled = np.flatnonzero(sizes)
        keys = np.zeros((len(hashes), BANDS), np.uint64)
        keys[filled] = band_keys(flat, (np.cumsum(sizes) - sizes)[filled].astype(np.int64))
        for number, band in enumerate(bands):
            band.append(keys[:, number])
        words.append(flat)
        ends.append(np.uint64(end) + np.cumsum(sizes))
        end += len(flat)


def _hashes(survivors: Survivors, alive: Mask) -> Iterator[list[set[int]]]:
    """Word hashes of every pair, a few thousand pairs at a time; those that are out have none."""
    count, waiting = 0, list[set[int]]()
    for position, source, target in survivors.words(alive):
        while count < position + 1:
            waiting.append(set() if count < position else word_hashes(source, target))
            count += 1
            if len(waiting) == _PAIRS:
                yield waiting
                waiting = []
    if waiting:
        yield waiting


def _read(words: int, ends: int, position: int) -> frozenset[int]:
    places = os.pread(ends, 16, 8 * (position - 1)) if position else bytes(8) + os.pread(ends, 8, 0)
    begin, end = (int(place) for place in np.frombuffer(places, "<u8"))
    return frozenset(np.frombuffer(os.pread(words, 4 * (end - begin), 4 * begin), "<u4").tolist())


def _similarity(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / (len(one | other) or 1)


@lru_cache(maxsize=1 << 17)
def _source_hash(word: str) -> int:
    return crc32(word.encode())


@lru_cache(maxsize=1 << 17)
def _target_hash(word: str) -> int:
    return crc32(word.encode(), 1)
