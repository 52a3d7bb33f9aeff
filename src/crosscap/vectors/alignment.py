"""Two languages' word vectors and a word list → one space, a retrieval table and its scores."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from crosscap.config.alignment import AlignmentSettings
from crosscap.errors import InputError
from crosscap.vectors.lexicon import Entry, rows_of
from crosscap.vectors.lookup import AlignedVectors
from crosscap.vectors.nearest import mean_similarity, nearest, nearest_both_ways
from crosscap.vectors.rcsls import Fit, fit_rcsls, unit_rows
from crosscap.vectors.translation_precision import precision_at_1, precision_at_1_csls

Vectors = tuple[Sequence[str], npt.NDArray[np.float32]]


def align(
    source: Vectors, target: Vectors, lexicon: Sequence[Entry], settings: AlignmentSettings, lexicon_path: str | Path
) -> tuple[AlignedVectors, dict[str, Any]]:
    """Map ``source`` into ``target``'s space with the word list's ``train`` part; score on its ``test`` part.

    Returns:
        The vectors with each source word's most similar target word, and the scores for ``scores.json``.

    Raises:
        InputError: the sizes of the vectors differ, or no ``train`` pair has both vectors.
    """
    source_words, target_words = source[0], target[0]
    source_rows = {word: row for row, word in enumerate(source_words)}
    target_rows = {word: row for row, word in enumerate(target_words)}
    train = rows_of(lexicon, "train", source_rows, target_rows)
    test = rows_of(lexicon, "test", source_rows, target_rows)
    pairs = [(one, other) for one in sorted(train) for other in sorted(train[one])]
    if not pairs:
        raise InputError(
            lexicon_path,
            "no train pair whose two words have vectors",
            "at least one",
            "Is it in the languages, and in the writing (lowercase, simplified), of the vectors?",
        )
    if source[1].shape[1] != target[1].shape[1]:
        raise InputError(
            "params.yaml",
            f"vectors of {source[1].shape[1]} and {target[1].shape[1]} values",
            "one size for both languages",
            record="section word_vectors",
        )

    z_source = unit_rows(torch.from_numpy(source[1]), settings.center)
    z_target = unit_rows(torch.from_numpy(target[1]), settings.center)
    x, y = z_source[[one for one, _ in pairs]], z_target[[other for _, other in pairs]]
    iterations = 0 if settings.backend == "procrustes" else settings.iterations
    fit = _fit(x, y, z_source, z_target, settings, iterations)
    chosen, curve = len(fit.maps) - 1, []
    if iterations and settings.folds:
        curve = _unseen_precision(train, source_words, z_source, z_target, settings)
        # The first of the best: fewer iterations overfit less.
        chosen = min(curve.index(max(curve)), chosen)

    # The table and CSLS's neighbours of both languages come from the same products, the most that this stage computes.
    rotated = unit_rows(z_source @ fit.maps[0].T)
    mapped = unit_rows(z_source @ fit.maps[chosen].T)
    k = min(settings.neighbours, len(z_source), len(z_target))
    forward, backward = nearest_both_ways(mapped, z_target, k)
    hubness = mean_similarity(backward)
    rotated_hubness = mean_similarity(nearest(z_target, rotated, k)) if chosen else hubness
    scores = {
        "backend": settings.backend,
        "words": {"source": len(source_words), "target": len(target_words)},
        "train_pairs": len(pairs),
        "test_words": len(test),
        "test_words_in_lexicon": len({entry.source for entry in lexicon if entry.part == "test"}),
        "losses": list(fit.losses),
        "cross_validated_precision_at_1": curve,
        "iterations": chosen,
        "precision_at_1": {
            "procrustes": _precision(test, rotated, z_target, rotated_hubness),
            settings.backend: _precision(test, mapped, z_target, hubness),
        },
    }
    return AlignedVectors(tuple(source_words), tuple(target_words), mapped, z_target, forward.rows[:, 0]), scores


def _fit(
    x: torch.Tensor,
    y: torch.Tensor,
    source: torch.Tensor,
    target: torch.Tensor,
    settings: AlignmentSettings,
    iterations: int,
) -> Fit:
    return fit_rcsls(x, y, source, target, settings.neighbours, settings.learning_rate, iterations, settings.spectral)


def _unseen_precision(
    train: dict[int, set[int]],
    source_words: Sequence[str],
    source: torch.Tensor,
    target: torch.Tensor,
    settings: AlignmentSettings,
) -> list[float]:
    """Precision@1 of the train words after 0, 1, … iterations, each word mapped by a descent that did not see it."""
    correct = [0.0] * (settings.iterations + 1)
    for fold in range(settings.folds):
        unseen = {row: train[row] for row in train if _fold(source_words[row], settings.folds) == fold}
        pairs = [(one, other) for one in sorted(train) if one not in unseen for other in sorted(train[one])]
        if not unseen or not pairs:
            continue
        x, y = source[[one for one, _ in pairs]], target[[other for _, other in pairs]]
        maps = _fit(x, y, source, target, settings, settings.iterations).maps
        shares = [precision_at_1(unseen, unit_rows(source @ R.T), target) or 0.0 for R in maps]
        # A descent that ended early stays where it is.
        shares += [shares[-1]] * (len(correct) - len(shares))
        correct = [total + share * len(unseen) for total, share in zip(correct, shares, strict=True)]
    return [total / len(train) for total in correct]


def _fold(word: str, folds: int) -> int:
    """A property of the word: the same folds in every run and order."""
    return int.from_bytes(hashlib.sha256(f"fold/{word}".encode()).digest()[:4], "big") % folds


def _precision(
    test: dict[int, set[int]], source: torch.Tensor, target: torch.Tensor, hubness: torch.Tensor
) -> dict[str, float | None]:
    return {
        "nearest": precision_at_1(test, source, target),
        "csls": precision_at_1_csls(test, source, target, hubness),
    }
