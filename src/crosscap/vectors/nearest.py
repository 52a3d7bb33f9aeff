"""Exact nearest neighbours by dot product, tile by tile: 200,000 words against 200,000 fit into bounded memory.

A tile is a matrix product of some queries and some rows of the table, small enough for a processor's last cache. It is
only sorted for the queries whose best of the tile beats the worst that they have kept, so that most of the time goes
into the products. Of equal similarities any may be taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch

_QUERIES, _ROWS = 1024, 4096  # of a tile


class Neighbours(NamedTuple):
    """The ``k`` most similar rows of each query, best first."""

    similarity: torch.Tensor  # [Q, k]
    rows: torch.Tensor  # [Q, k] int64


def nearest_rows(queries: torch.Tensor, table: torch.Tensor, k: int = 1) -> torch.Tensor:
    """Rows of ``table`` [V, D] most similar to each of ``queries`` [Q, D] -> int64 [Q, k], best first.

    With rows of unit length this is cosine similarity. ``k`` is V at most.
    """
    return nearest(queries, table, k).rows


def nearest(queries: torch.Tensor, table: torch.Tensor, k: int = 1) -> Neighbours:
    """`nearest_rows` with their similarities."""
    found = _Best(queries, len(queries), len(table), k)
    for tile, first, start in _tiles(queries, table):
        found.update(tile, first, start)
    return found.neighbours()


def nearest_both_ways(source: torch.Tensor, target: torch.Tensor, k: int = 1) -> tuple[Neighbours, Neighbours]:
    """Neighbours of each source row [S, D] among the target's [T, D] and of each target row among the source's.

    Every product is computed once and serves both.
    """
    forward, backward = _Best(source, len(source), len(target), k), _Best(source, len(target), len(source), k)
    for tile, first, start in _tiles(source, target):
        forward.update(tile, first, start)
        backward.update(tile.T, start, first)
    return forward.neighbours(), backward.neighbours()


def nearest_rows_csls(queries: torch.Tensor, table: torch.Tensor, hubness: torch.Tensor, k: int = 1) -> torch.Tensor:
    """Rows of ``table`` [V, D] nearest by CSLS (Conneau et al. 2018, eq. 5) to each of ``queries`` [Q, D] -> [Q, k].

    Args:
        hubness [V]: mean similarity of each row to its nearest queries, `mean_similarity`; rows that are near to
            everything are taken less often.

    The term of the query is the same for all rows and changes no order. One more value a vector makes it a product.
    """
    queries = torch.cat([2 * queries, torch.ones_like(queries[:, :1])], dim=1)
    return nearest_rows(queries, torch.cat([table, -hubness.unsqueeze(1)], dim=1), k)


def mean_similarity(neighbours: Neighbours) -> torch.Tensor:
    """Mean similarity of each query to its neighbours [Q]: CSLS's ``r``."""
    return neighbours.similarity.mean(1)


class _Best:
    """The best ``k`` rows of every query among the tiles seen so far."""

    def __init__(self, like: torch.Tensor, queries: int, rows: int, k: int) -> None:
        if not 1 <= k <= max(rows, 1):
            raise ValueError(f"{k} nearest of {rows} rows")
        self.similarity = like.new_full((queries, k), -torch.inf)
        self.rows = torch.full((queries, k), -1, dtype=torch.int64, device=like.device)

    def update(self, tile: torch.Tensor, first: int, start: int) -> None:
        """Similarities [q, v] of the queries from ``first`` on to the rows from ``start`` on."""
        k = self.rows.shape[1]
        better = (tile.amax(1) > self.similarity[first : first + len(tile), -1]).nonzero().squeeze(1)
        if not len(better):
            return
        # Rows in one piece: a tile of the other direction is a transposed view, and sorting that costs more than this.
        similarity, rows = tile[better].contiguous().topk(min(k, tile.shape[1]), dim=1)
        better += first
        similarity = torch.cat([self.similarity[better], similarity], dim=1)
        rows = torch.cat([self.rows[better], rows + start], dim=1)
        self.similarity[better], places = similarity.topk(k, dim=1)
        self.rows[better] = rows.gather(1, places)

    def neighbours(self) -> Neighbours:
        return Neighbours(self.similarity, self.rows)


def _tiles(queries: torch.Tensor, table: torch.Tensor) -> Iterator[tuple[torch.Tensor, int, int]]:
    """Each tile of ``queries @ table.T``, with its first row and column; valid until the next one is asked for."""
    # One buffer for all: to get new memory from the system takes as long as half the product.
    buffer = queries.new_empty(min(_QUERIES, len(queries)) * min(_ROWS, len(table)))
    for first in range(0, len(queries), _QUERIES):
        some = queries[first : first + _QUERIES]
        for start in range(0, len(table), _ROWS):
            rows = table[start : start + _ROWS]
            tile = buffer[: len(some) * len(rows)].view(len(some), len(rows))
            yield torch.mm(some, rows.T, out=tile), first, start
