from __future__ import annotations

import pytest
import torch

from crosscap.vectors.rcsls import fit_rcsls, procrustes, rcsls_loss, unit_rows


@pytest.fixture
def rotation() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A source space, a rotation, and the rotated space with noise: row i translates row i."""
    generator = torch.Generator().manual_seed(7)
    source = unit_rows(torch.randn(300, 8, generator=generator, dtype=torch.float64))
    turn, _ = torch.linalg.qr(torch.randn(8, 8, generator=generator, dtype=torch.float64))
    noise = 0.25 * torch.randn(300, 8, generator=generator, dtype=torch.float64)
    return source, turn, unit_rows(source @ turn.T + noise)


def test_procrustes_finds_an_exact_rotation(rotation) -> None:
    source, turn, _ = rotation
    found = procrustes(source[:40], source[:40] @ turn.T)
    assert torch.allclose(found, turn, atol=1e-10)
    assert torch.allclose(found @ found.T, torch.eye(8, dtype=torch.float64), atol=1e-10)


def test_the_gradient_is_that_of_autograd_and_of_finite_differences(rotation) -> None:
    source, turn, target = rotation
    x, y, k = source[:50], target[:50], 5
    R = (turn + 0.1).requires_grad_()
    mapped = x @ R.T
    loss = (
        -2 * (mapped * y).sum(1)
        + (mapped @ target.T).topk(k).values.mean(1)
        + (y @ (source @ R.T).T).topk(k).values.mean(1)
    ).mean()
    loss.backward()

    value, gradient = rcsls_loss(x, y, source, target, R.detach(), k)
    assert value == pytest.approx(loss.item(), abs=1e-12)
    assert torch.allclose(gradient, R.grad, atol=1e-12)

    nudge = torch.zeros(8, 8, dtype=torch.float64)
    nudge[2, 3] = 1e-6
    after, _ = rcsls_loss(x, y, source, target, R.detach() + nudge, k)
    before, _ = rcsls_loss(x, y, source, target, R.detach() - nudge, k)
    assert (after - before) / 2e-6 == pytest.approx(gradient[2, 3].item(), abs=1e-6)


def retrieved(source: torch.Tensor, target: torch.Tensor, R: torch.Tensor) -> int:
    """How many of the rows that the map did not see find their translation."""
    best = (unit_rows(source @ R.T) @ target.T).argmax(1)
    return int((best[100:] == torch.arange(100, len(source))).sum())


def test_rcsls_keeps_an_exact_rotation(rotation) -> None:
    source, turn, _ = rotation
    target = source @ turn.T
    fit = fit_rcsls(source[:100], target[:100], source, target, learning_rate=1.0, iterations=10, spectral=True)
    assert retrieved(source, target, fit.maps[0]) == 200
    assert retrieved(source, target, fit.maps[-1]) == 200


def test_rcsls_is_not_worse_than_procrustes_where_the_spaces_differ_by_more_than_a_rotation(rotation) -> None:
    source, turn, _ = rotation
    stretch = torch.diag(torch.linspace(0.1, 3, 8, dtype=torch.float64))
    target = unit_rows(source @ stretch @ turn.T)
    fit = fit_rcsls(source[:100], target[:100], source, target, learning_rate=5.0, iterations=10, spectral=True)
    assert list(fit.losses) == sorted(fit.losses, reverse=True)
    assert fit.losses[-1] < fit.losses[0]
    assert torch.equal(fit.maps[0], procrustes(source[:100], target[:100]))
    assert retrieved(source, target, fit.maps[-1]) >= retrieved(source, target, fit.maps[0])


def test_the_spectral_map_stays_in_the_convex_hull_of_the_rotations(rotation) -> None:
    source, _, target = rotation
    fit = fit_rcsls(source[:100], target[:100], source, target, learning_rate=5.0, iterations=5, spectral=True)
    assert all(torch.linalg.svdvals(R).max() <= 1 + 1e-9 for R in fit.maps)


def test_more_neighbours_than_words_are_all_words(rotation) -> None:
    source, _, target = rotation
    fit = fit_rcsls(source[:4], target[:4], source[:4], target[:4], k=10, iterations=2)
    assert fit.maps[-1].shape == (8, 8)


def test_a_zero_row_stays_zero() -> None:
    assert unit_rows(torch.zeros(1, 3)).tolist() == [[0, 0, 0]]
