"""Maps one language's word vectors into another's: orthogonal Procrustes, then RCSLS (Joulin et al. 2018).

Legend: rows of ``x`` [n, D] and ``y`` [n, D] are a dictionary's source and target vectors, ``source`` [S, D] and
``target`` [T, D] all words' vectors, everything of unit length; ``R`` [D, D] maps a source row as ``x @ R.T``.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from crosscap.vectors.nearest import nearest_rows


@dataclass(frozen=True)
class Fit:
    """The maps [D, D] of a descent and their losses; the first is the starting point, Procrustes."""

    maps: tuple[torch.Tensor, ...]
    losses: tuple[float, ...]


def unit_rows(vectors: torch.Tensor, center: bool = False) -> torch.Tensor:
    """Rows scaled to length 1; with ``center`` their mean is taken off in between. A zero row stays zero."""
    rows = vectors / vectors.norm(dim=1, keepdim=True).clamp(min=1e-12)
    if not center:
        return rows
    rows = rows - rows.mean(0)
    return rows / rows.norm(dim=1, keepdim=True).clamp(min=1e-12)


def procrustes(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The orthogonal map [D, D] that brings ``x`` nearest to ``y`` (Schönemann 1966)."""
    left, _, right = torch.linalg.svd(y.T @ x)
    return left @ right


def rcsls_loss(
    x: torch.Tensor, y: torch.Tensor, source: torch.Tensor, target: torch.Tensor, R: torch.Tensor, k: int
) -> tuple[float, torch.Tensor]:
    """RCSLS loss and its gradient [D, D] at ``R`` (Joulin et al. 2018, eq. 4).

    Mean over the dictionary of ``-2 cos(Rx, y)`` + the mean similarity of ``Rx`` to its ``k`` nearest target words +
    the mean similarity of ``y`` to its ``k`` nearest mapped source words. The neighbours are constants in the gradient.
    """
    n = len(x)
    mapped = x @ R.T
    target_near = target[nearest_rows(mapped, target, k)].mean(1)
    source_near = source[nearest_rows(y, source @ R.T, k)].mean(1)
    loss = (-2 * (mapped * y).sum() + (mapped * target_near).sum() + (y * (source_near @ R.T)).sum()) / n
    gradient = (-2 * y.T @ x + target_near.T @ x + y.T @ source_near) / n
    return float(loss), gradient


def fit_rcsls(
    x: torch.Tensor,
    y: torch.Tensor,
    source: torch.Tensor,
    target: torch.Tensor,
    k: int = 10,
    learning_rate: float = 25.0,
    iterations: int = 10,
    spectral: bool = False,
) -> Fit:
    """Gradient descent on `rcsls_loss` from the Procrustes map.

    A step that raises the loss is taken back and the rate halved; below 1e-4 the descent ends. With ``spectral`` every
    map is projected to singular values of at most 1, which makes the problem convex; without it the loss has no lower
    bound, so the number of iterations is what regularises.
    """
    k = min(k, len(source), len(target))
    R = procrustes(x, y)
    loss, gradient = rcsls_loss(x, y, source, target, R, k)
    maps, losses = [R], [loss]
    for _ in range(iterations):
        if learning_rate < 1e-4:
            break
        step = R - learning_rate * gradient
        if spectral:
            step = clip_singular_values(step)
        new_loss, new_gradient = rcsls_loss(x, y, source, target, step, k)
        # So put, a loss that is no number is taken back too.
        if not new_loss <= loss:
            learning_rate /= 2
        else:
            R, loss, gradient = step, new_loss, new_gradient
        maps.append(R)
        losses.append(loss)
    return Fit(tuple(maps), tuple(losses))


def clip_singular_values(matrix: torch.Tensor) -> torch.Tensor:
    """The nearest matrix with singular values of at most 1, the convex hull of the orthogonal ones."""
    left, values, right = torch.linalg.svd(matrix)
    return (left * values.clamp(max=1)) @ right
