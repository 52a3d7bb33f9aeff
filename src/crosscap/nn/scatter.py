"""Sums, means and softmax over the rows that share an index: graph operations without loops over nodes."""

from __future__ import annotations

import torch
from torch import Tensor


def scatter_sum(values: Tensor, index: Tensor, size: int) -> Tensor:
    """Sum rows by index: ``values`` [M, D], ``index`` [M] in [0, size) -> [size, D]; rows nobody names are zero."""
    return values.new_zeros(size, values.shape[1]).index_add(0, index, values)


def scatter_mean(values: Tensor, index: Tensor, size: int) -> Tensor:
    """Mean of rows by index: [M, D] -> [size, D]; rows nobody names are zero."""
    return scatter_sum(values, index, size) / degree(index, size).clamp(min=1).unsqueeze(1)


def degree(index: Tensor, size: int) -> Tensor:
    """How often each of ``size`` rows is named: [M] -> [size], int64."""
    return torch.bincount(index, minlength=size)


def segment_softmax(scores: Tensor, segment: Tensor, count: int) -> Tensor:
    """Softmax within each segment: ``scores`` [M], ``segment`` [M] in [0, count) -> weights [M]."""
    highest = scores.new_full((count,), float("-inf")).scatter_reduce(0, segment, scores.detach(), "amax")
    exponents = torch.exp(scores - highest[segment])
    total = exponents.new_zeros(count).index_add(0, segment, exponents)
    return exponents / total[segment]
