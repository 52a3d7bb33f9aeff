"""Exact nearest neighbours by dot product, block by block."""

from __future__ import annotations

import torch


def nearest_rows(queries: torch.Tensor, table: torch.Tensor, k: int = 1, block: int = 2048) -> torch.Tensor:
    """Rows of ``table`` [V, D] most similar to each of ``queries`` [Q, D] -> int64 [Q, k], best first.

    With rows of unit length this is cosine similarity. Memory is ``block`` x V.
    """
    if not len(queries):
        return torch.empty(0, k, dtype=torch.int64)
    return torch.cat([(part @ table.T).topk(k, dim=1).indices for part in torch.split(queries, block)])


def mean_of_nearest(queries: torch.Tensor, table: torch.Tensor, k: int, block: int = 2048) -> torch.Tensor:
    """Mean similarity of each query [Q, D] to its ``k`` nearest rows of ``table`` [V, D] -> [Q]."""
    if not len(queries):
        return queries.new_empty(0)
    return torch.cat([(part @ table.T).topk(k, dim=1).values.mean(1) for part in torch.split(queries, block)])
