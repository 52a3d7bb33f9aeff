from __future__ import annotations

import math

import pytest
import torch

from crosscap.nn.losses import exp_kl


def test_equal_distributions_give_exactly_one() -> None:
    logits = torch.randn(4, 7)
    assert exp_kl(logits, logits).item() == 1.0


def test_the_divergence_is_from_the_first_to_the_second() -> None:
    p, q = [0.5, 0.25, 0.25], [0.1, 0.1, 0.8]
    expected = math.exp(sum(a * math.log(a / b) for a, b in zip(p, q, strict=True)))
    assert exp_kl(torch.tensor([p]).log(), torch.tensor([q]).log()).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("reduction", ["pair", "batch_mean"])
def test_a_mean_over_the_batch_does_not_depend_on_its_size(reduction: str) -> None:
    p, q = torch.randn(2, 3, 7, generator=torch.Generator().manual_seed(0))
    once = exp_kl(p, q, reduction).item()
    assert exp_kl(p.repeat(50, 1), q.repeat(50, 1), reduction).item() == pytest.approx(once, rel=1e-5)
    assert once > 1


def test_the_released_codes_sum_overflows_where_the_means_do_not() -> None:
    p, q = 3 * torch.randn(2, 200, 7, generator=torch.Generator().manual_seed(0))
    assert exp_kl(p, q, "batch_sum").item() == math.inf
    assert math.isfinite(exp_kl(p, q, "pair").item())
    assert math.isfinite(exp_kl(p, q, "batch_mean").item())


def test_parts_of_a_batch_add_up_to_its_mean_over_pairs() -> None:
    p, q = torch.randn(2, 10, 7, generator=torch.Generator().manual_seed(1))
    parts = sum(exp_kl(p[rows], q[rows], "pair", 10) for rows in (slice(0, 1), slice(1, 6), slice(6, 10)))
    assert parts.item() == pytest.approx(exp_kl(p, q, "pair").item(), rel=1e-6)


def test_a_small_divergence_survives_half_precision() -> None:
    p = torch.randn(4, 50, generator=torch.Generator().manual_seed(2)).bfloat16()
    q = p + 0.05 * torch.randn(4, 50, generator=torch.Generator().manual_seed(3)).bfloat16()
    found = exp_kl(p, q)
    assert found.dtype == torch.float32
    assert found.item() == pytest.approx(exp_kl(p.float(), q.float()).item(), rel=1e-6)
    assert 1 < found.item() < 1.01
