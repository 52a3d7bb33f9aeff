"""Scores of text stages against gold: the corpus filter and sentence scene graphs. All times 100."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from crosscap.graph.scene_graph import SceneGraph

Values = dict[str, float | None]
Row = tuple[int, int, int]
"""Right, found, wanted."""


def percent(part: float, whole: float) -> float | None:
    """``part`` of ``whole`` times 100, rounded to 4 decimals; None of nothing."""
    return round(100 * part / whole, 4) if whole else None


def precision_recall_f1(correct: int, predicted: int, gold: int) -> Values:
    """The three of counts; F1 is 0 when nothing is correct, None when there is nothing to find."""
    f1 = percent(2 * correct, predicted + gold)
    return {"precision": percent(correct, predicted), "recall": percent(correct, gold), "F1": f1 if gold else None}


def extraction_scores(rows: Iterable[Row]) -> Values:
    """`precision_recall_f1` of the sums over items."""
    correct, found, wanted = np.array([(0, 0, 0), *rows]).sum(0).tolist()
    return precision_recall_f1(correct, found, wanted)


def filter_rows(gold: Iterable[Mapping[str, Any]], kept: Collection[str]) -> list[tuple[int, ...]]:
    """What the filter did with each pair whose quality is known, 0 or 1.

    Args:
        gold: rows ``id, keep``; pairs without a row do not count.
        kept: ids that passed the filter.

    Returns:
        Kept and clean, kept, clean, dropped and noisy, noisy.
    """
    kept = frozenset(kept)
    labels = {row["id"]: bool(row["keep"]) for row in gold}
    sides = ((id in kept, clean) for id, clean in labels.items())
    return [(passed and clean, passed, clean, not passed and not clean, not clean) for passed, clean in sides]


def filter_scores(rows: Iterable[tuple[int, ...]]) -> Values:
    """How well the filter tells clean pairs from noise, from `filter_rows`.

    Returns:
        ``precision``: clean among the kept; ``recall``: kept among the clean; ``F1``; ``noise_found``: dropped among
        the noisy.
    """
    *clean, found, noise = np.array([(0,) * 5, *rows], int).sum(0).tolist()
    return {**precision_recall_f1(*clean), "noise_found": percent(found, noise)}


def tuple_rows(gold: Iterable[SceneGraph], predicted: Iterable[SceneGraph], ids: Collection[str]) -> list[Row]:
    """SPICE's tuples (object; object, attribute; subject, predicate, object) of each gold graph of ``ids``.

    A gold graph without a predicted one counts as predicted empty; a predicted one without gold does not count.
    """
    guesses = {graph.id: graph for graph in predicted}
    rows = []
    for truth in gold:
        if truth.id in ids:
            right = truth.tuples()
            guess = guesses[truth.id].tuples() if truth.id in guesses else set()
            rows.append((len(right & guess), len(guess), len(right)))
    return rows
