from __future__ import annotations

import math

import pytest
import torch

from crosscap.nn.losses import exp_kl, masked_cross_entropy


def test_cross_entropy_is_the_mean_over_the_words_that_are_not_padding() -> None:
    torch.manual_seed(0)
    logits, words = torch.randn(2, 3, 5), torch.tensor([[4, 2, 0], [1, 3, 2]])
    log_p = logits.log_softmax(-1)
    expected = -sum(log_p[b, t, words[b, t]] for b in range(2) for t in range(3) if words[b, t]) / 5
    assert masked_cross_entropy(logits, words, 0).item() == pytest.approx(expected.item(), abs=1e-6)


def test_equal_distributions_give_exactly_one() -> None:
    logits = torch.randn(4, 7)
    assert exp_kl(logits, logits).item() == 1.0


def test_the_divergence_is_from_the_first_to_the_second() -> None:
    p, q = [0.5, 0.25, 0.25], [0.1, 0.1, 0.8]
    expected = math.exp(sum(a * math.log(a / b) for a, b in zip(p, q, strict=True)))
    assert exp_kl(torch.tensor([p]).log(), torch.tensor([q]).log()).item() == pytest.approx(expected, rel=1e-5)


def test_the_batch_is_averaged_so_its_size_does_not_matter() -> None:
    p, q = torch.randn(3, 7), torch.randn(3, 7)
    assert exp_kl(p.repeat(50, 1), q.repeat(50, 1)).item() == pytest.approx(exp_kl(p, q).item(), rel=1e-5)
    assert exp_kl(p, q) > 1
