"""Scores of text stages against gold: the corpus filter and sentence scene graphs. All times 100."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from crosscap.graph.scene_graph import SceneGraph

Values = dict[str, float | None]


def percent(part: float, whole: float) -> float | None:
    """``part`` of ``whole`` times 100, rounded to 4 decimals; None of nothing."""
    return round(100 * part / whole, 4) if whole else None


def precision_recall_f1(correct: int, predicted: int, gold: int) -> Values:
    """The three of counts; F1 is 0 when nothing is correct, None when there is nothing to find."""
    f1 = percent(2 * correct, predicted + gold)
    return {"precision": percent(correct, predicted), "recall": percent(correct, gold), "F1": f1 if gold else None}


def filter_scores(gold: Iterable[Mapping[str, Any]], kept: Collection[str]) -> Values:
    """How well the filter tells clean pairs from noise.

    Args:
        gold: rows ``id, keep``; pairs without a row do not count.
        kept: ids that passed the filter.

    Returns:
        ``precision``: clean among the kept; ``recall``: kept among the clean; ``F1``; ``noise_found``: dropped among
        the noisy.
    """
    kept = frozenset(kept)
    labels = {row["id"]: bool(row["keep"]) for row in gold}
    clean = sum(labels.values())
    kept_labels = [keep for id, keep in labels.items() if id in kept]
    noise = len(labels) - clean
    scores = precision_recall_f1(sum(kept_labels), len(kept_labels), clean)
    return {**scores, "noise_found": percent(noise - kept_labels.count(False), noise)}


def tuple_scores(gold: Iterable[SceneGraph], predicted: Iterable[SceneGraph], ids: Collection[str]) -> Values:
    """SPICE's tuples (object; object, attribute; subject, predicate, object), counted over all graphs of ``ids``.

    A gold graph without a predicted one counts as predicted empty; a predicted one without gold does not count.
    """
    guesses = {graph.id: graph for graph in predicted}
    correct = found = wanted = 0
    for truth in gold:
        if truth.id not in ids:
            continue
        right = truth.tuples()
        guess = guesses[truth.id].tuples() if truth.id in guesses else set()
        correct += len(right & guess)
        found += len(guess)
        wanted += len(right)
    return precision_recall_f1(correct, found, wanted)
