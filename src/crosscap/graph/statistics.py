"""Statistics of scene graphs, as UNISON's table 1 gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from crosscap.graph.scene_graph import SceneGraph

PARTS = ("objects", "attributes", "relations")
SIZES = ("0", "1", "2", ">=3")


def objects_per_graph(graphs: Iterable[SceneGraph]) -> dict[str, float]:
    """Share of graphs with 0, 1, 2 and at least 3 objects, in percent with one decimal (UNISON table 1)."""
    counts = [0, 0, 0, 0]
    for graph in graphs:
        counts[min(len(graph.objects), 3)] += 1
    total = sum(counts) or 1
    return {name: round(100 * count / total, 1) for name, count in zip(("0", "1", "2", ">=3"), counts, strict=True)}


def graph_sizes(graphs: Iterable[SceneGraph]) -> dict[str, Any]:
    """How many objects, attributes and relations the graphs have; ``None`` without graphs.

    Of each the mean, and the percent of graphs with 0, 1, 2 and at least 3 (UNISON table 1 gives that of the objects).
    """
    total, sums, counts = 0, Counter[str](), Counter[tuple[str, int]]()
    for graph in graphs:
        total += 1
        for name in PARTS:
            size = len(getattr(graph, name))
            sums[name] += size
            counts[name, min(size, 3)] += 1
    if not total:
        return {"graphs": 0, **dict.fromkeys(PARTS)}
    sizes = {
        name: {
            "mean": round(sums[name] / total, 2),
            **{label: round(100 * counts[name, size] / total, 1) for size, label in enumerate(SIZES)},
        }
        for name in PARTS
    }
    return {"graphs": total, **sizes}


def tuple_scores(gold: Iterable[SceneGraph], predicted: Iterable[SceneGraph]) -> dict[str, float]:
    """Precision, recall and F1 of the graphs' tuples as SPICE counts them, over all graphs together (micro).

    Raises:
        ValueError: not as many graphs on both sides.
    """
    right = found = expected = 0
    for truth, guess in zip(gold, predicted, strict=True):
        truths, guesses = truth.tuples(), guess.tuples()
        right, found, expected = right + len(truths & guesses), found + len(guesses), expected + len(truths)
    precision, recall = right / found if found else 0.0, right / expected if expected else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"precision": round(precision, 6), "recall": round(recall, 6), "f1": round(f1, 6)}
