"""Losses of the captioning systems."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def masked_cross_entropy(logits_BTV: Tensor, words_BT: Tensor, pad: int) -> Tensor:
    """Mean negative log-likelihood of the words that are not ``pad`` (UNISON eq. 10)."""
    return functional.cross_entropy(logits_BTV.flatten(0, 1), words_BT.flatten(), ignore_index=pad)


def exp_kl(source: Tensor, target: Tensor) -> Tensor:
    """exp of the batch's mean KL(p_source || p_target) of two logits [B, C] (one term of UNISON eq. 11).

    The paper does not say how a batch is reduced. The released code sums before the exponential, which overflows as
    the batch grows; the mean does not. Equal distributions give exactly 1.
    """
    log_source, log_target = source.log_softmax(dim=1), target.log_softmax(dim=1)
    divergence = (log_source.exp() * (log_source - log_target)).sum(dim=1)
    return torch.exp(divergence.mean())
