"""RCSLS word by word, as Joulin et al. (2018) write it: a slow reference for tests, apart from the product's code.

Section 3, eq. 4: minimise over R the mean over the dictionary's pairs (x, y) of

    -2 (R x)·y + mean of (R x)·t over the k target words t nearest to R x
               + mean of (R s)·y over the k source words s with R s nearest to y

by gradient descent from the Procrustes map; a step that raises the loss is taken back and the rate halved.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def normalised(vectors: Array, center: bool) -> Array:
    rows = np.array([row / np.linalg.norm(row) for row in vectors])
    if center:
        rows = np.array([row - rows.mean(axis=0) for row in rows])
        rows = np.array([row / np.linalg.norm(row) for row in rows])
    return rows


def best_rotation(x: Array, y: Array) -> Array:
    """The polar factor of y'x, by Newton's iteration (Higham 1986) rather than singular values."""
    R = y.T @ x
    for _ in range(100):
        R = (R + np.linalg.inv(R).T) / 2
    return R


def loss_and_gradient(x: Array, y: Array, source: Array, target: Array, R: Array, k: int) -> tuple[float, Array]:
    loss, gradient = 0.0, np.zeros_like(R)
    mapped = [R @ word for word in source]
    for one, other in zip(x, y, strict=True):
        image = R @ one
        loss -= 2 * float(image @ other)
        gradient -= 2 * np.outer(other, one)
        for near in sorted(target, key=lambda word: -float(image @ word))[:k]:
            loss += float(image @ near) / k
            gradient += np.outer(near, one) / k
        for place in sorted(range(len(source)), key=lambda place: -float(mapped[place] @ other))[:k]:
            loss += float(mapped[place] @ other) / k
            gradient += np.outer(other, source[place]) / k
    return loss / len(x), gradient / len(x)


def descent(
    x: Array, y: Array, source: Array, target: Array, k: int, rate: float, steps: int, spectral: bool
) -> tuple[list[Array], list[float]]:
    R = best_rotation(x, y)
    loss, gradient = loss_and_gradient(x, y, source, target, R, k)
    maps, losses = [R], [loss]
    for _ in range(steps):
        step = R - rate * gradient
        if spectral:
            # Singular values are the roots of the eigenvalues of R'R.
            values, directions = np.linalg.eigh(step.T @ step)
            roots = np.sqrt(values)
            step = step @ directions @ np.diag(np.minimum(roots, 1) / roots) @ directions.T
        new_loss, new_gradient = loss_and_gradient(x, y, source, target, step, k)
        if new_loss > loss:
            rate /= 2
        else:
            R, loss, gradient = step, new_loss, new_gradient
        maps.append(R)
        losses.append(loss)
    return maps, losses
