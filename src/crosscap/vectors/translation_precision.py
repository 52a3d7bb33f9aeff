"""Precision@1 of word translation: how often a word's nearest target word is one of its translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import torch

from crosscap.vectors.nearest import nearest_rows, nearest_rows_csls


def precision_at_1(
    translations: Mapping[int, AbstractSet[int]], source: torch.Tensor, target: torch.Tensor
) -> float | None:
    """Share of source rows whose most similar target row is one of their ``translations``; ``None`` without any."""
    rows = sorted(translations)
    return _share(translations, rows, nearest_rows(source[rows], target)[:, 0].tolist())


def precision_at_1_csls(
    translations: Mapping[int, AbstractSet[int]], source: torch.Tensor, target: torch.Tensor, hubness: torch.Tensor
) -> float | None:
    """The same with CSLS, which lowers the similarity to hubs; ``hubness`` [V]: see `nearest_rows_csls`."""
    rows = sorted(translations)
    return _share(translations, rows, nearest_rows_csls(source[rows], target, hubness)[:, 0].tolist())


def _share(translations: Mapping[int, AbstractSet[int]], rows: Sequence[int], best: Sequence[int]) -> float | None:
    if not rows:
        return None
    return sum(found in translations[row] for row, found in zip(rows, best, strict=True)) / len(rows)
