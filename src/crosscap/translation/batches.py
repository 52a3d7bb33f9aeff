"""Batches of sentences by length, of shapes that depend on nothing but the length.

A matrix product rounds differently when the matrix has another shape, so a sentence's result could depend on the
sentences decoded beside it. Here a sentence of ``n`` pieces is always decoded in a batch of `padded_width` (n) columns
and `rows` of them: short batches are filled up. What a sentence comes out as is then its own matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np


def padded_width(pieces: int, longest: int) -> int:
    """The width that a sentence of ``pieces`` pieces is padded to: a multiple of 4, or up to a quarter more; at most
    ``longest``."""
    step = max(4, 2 ** (pieces.bit_length() - 3))
    return min(-(-pieces // step) * step, max(pieces, longest))


def rows(width: int, beams: int, batch_pieces: int) -> int:
    """Sentences a batch so that ``rows * beams * width`` is at most ``batch_pieces`` (at least one sentence)."""
    return max(1, batch_pieces // (width * beams))


def batches_by_length(
    lengths: Sequence[int], beams: int, batch_pieces: int, longest: int
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield ``(width, places)`` until every place of ``lengths`` was in a batch, the shortest first.

    The last batch of a width is filled up with its last place, so ``places`` always holds `rows` of them.
    """
    widths = np.array([padded_width(length, longest) for length in lengths], dtype=np.int64)
    for width in np.unique(widths):
        places = np.flatnonzero(widths == width)
        size = rows(int(width), beams, batch_pieces)
        for start in range(0, len(places), size):
            batch = places[start : start + size]
            yield int(width), np.pad(batch, (0, size - len(batch)), mode="edge")
