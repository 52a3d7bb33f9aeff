from __future__ import annotations

import numpy as np
import pytest
import torch

from crosscap.vectors.rcsls import fit_rcsls, procrustes, rcsls_loss, unit_rows
from tests.vectors import rcsls_reference


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


@pytest.mark.parametrize("center", [False, True])
@pytest.mark.parametrize("spectral", [False, True])
def test_the_descent_is_that_of_a_reference_word_by_word(center: bool, spectral: bool) -> None:
    chance = np.random.default_rng(11)
    source = chance.normal(size=(40, 5)) + 0.5
    target = source @ chance.normal(size=(5, 5)) + 0.3 * chance.normal(size=(40, 5))
    ours = [unit_rows(torch.from_numpy(rows), center) for rows in (source, target)]
    theirs = [rcsls_reference.normalised(rows, center) for rows in (source, target)]
    # A rate at which steps are taken back too.
    fit = fit_rcsls(ours[0][:20], ours[1][:20], *ours, k=3, learning_rate=20.0, iterations=6, spectral=spectral)
    maps, losses = rcsls_reference.descent(theirs[0][:20], theirs[1][:20], *theirs, 3, 20.0, 6, spectral)
    assert fit.losses == pytest.approx(losses, abs=1e-9)
    assert all(np.allclose(R, expected, atol=1e-8) for R, expected in zip(fit.maps, maps, strict=True))


def test_a_step_to_no_number_is_taken_back(rotation) -> None:
    source, _, target = rotation
    fit = fit_rcsls(source[:50], target[:50], source, target, learning_rate=float("inf"), iterations=3)
    assert all(torch.equal(R, fit.maps[0]) for R in fit.maps)
    assert len(set(fit.losses)) == 1


def test_rcsls_beats_procrustes_where_hubs_stand_in_the_way() -> None:
    """Words around few centres, turned and stretched: the criterion pushes a word from its neighbours' translations."""
    generator = torch.Generator().manual_seed(2)
    centres = torch.randn(20, 16, generator=generator, dtype=torch.float64)
    source = unit_rows(centres.repeat(30, 1) + 0.5 * torch.randn(600, 16, generator=generator, dtype=torch.float64))
    turn, _ = torch.linalg.qr(torch.randn(16, 16, generator=generator, dtype=torch.float64))
    scale = torch.diag(torch.linspace(0.1, 3, 16, dtype=torch.float64))
    noise = 0.1 * torch.randn(600, 16, generator=generator, dtype=torch.float64)
    target = unit_rows(source @ scale @ turn.T + noise)
    fit = fit_rcsls(source[:200], target[:200], source, target, learning_rate=5.0, iterations=10)

    def unseen(R: torch.Tensor) -> int:
        best = (unit_rows(source @ R.T) @ target.T).argmax(1)
        return int((best[200:] == torch.arange(200, 600)).sum())

    assert unseen(fit.maps[-1]) > unseen(fit.maps[0]) + 10
