"""Losses of the captioning systems."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

KlReduction = Literal["pair", "batch_mean", "batch_sum"]


def exp_kl(source: Tensor, target: Tensor, reduction: KlReduction = "pair", count: int | None = None) -> Tensor:
    """exp(KL(p_source || p_target)) of two logits [B, C] over a batch (one term of UNISON eq. 11).

    The paper has one pair of sentences and does not say how a batch is reduced:

    * ``pair``: the mean of the pairs' own exp(KL). Parts of a batch add up to the whole exactly.
    * ``batch_mean``: exp of the mean KL.
    * ``batch_sum``: exp of the sum, as in the released code; it overflows as the batch grows.

    Equal distributions give exactly 1 in all three. The last two have no parts: a part of a batch is reduced on its
    own, and weighs as much as it has pairs.

    Args:
        count: number of pairs of the whole batch that these B are a part of.
    """
    # Under autocast the logits come in bfloat16, which cannot tell 1.003 from 1.
    log_source, log_target = (
        logits.to(torch.promote_types(logits.dtype, torch.float32)).log_softmax(dim=1) for logits in (source, target)
    )
    divergence = (log_source.exp() * (log_source - log_target)).sum(dim=1)
    whole = len(divergence) if count is None else count
    if reduction == "pair":
        return torch.exp(divergence).sum() / whole
    reduced = divergence.mean() if reduction == "batch_mean" else divergence.sum()
    return torch.exp(reduced) * (len(divergence) / whole)
