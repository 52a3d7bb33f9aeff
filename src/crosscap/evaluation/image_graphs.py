"""Attributes of image scene graphs against those of annotated pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from crosscap.evaluation.stage_scores import Row
from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.detectors.detection import overlap

HIT = 0.5


def attribute_rows(gold: Iterable[SceneGraph], graphs: Mapping[str, SceneGraph]) -> list[Row]:
    """Attributes of the objects that were found, of each picture; what the detector missed is not held against them.

    Args:
        gold: graphs of annotated pictures, see `crosscap.vision.graphs.gold`; graphs: those predicted, by id.
    """
    rows = []
    for truth in gold:
        correct = found = wanted = 0
        graph = graphs.get(truth.id, SceneGraph(truth.id))
        for row, gold_row in paired_objects(graph, truth):
            guess = {name for owner, name in graph.attributes if owner == row}
            right = {name for owner, name in truth.attributes if owner == gold_row}
            correct += len(guess & right)
            found += len(guess)
            wanted += len(right)
        rows.append((correct, found, wanted))
    return rows


def paired_objects(graph: SceneGraph, gold: SceneGraph) -> list[tuple[int, int]]:
    """``(row of the graph, row of the gold graph)`` of the same object.

    Both have one name and their boxes overlap by at least 0.5. Each object is in one pair at most; the largest
    overlaps are paired first.
    """
    names, gold_names = (np.array(some.objects, dtype=object) for some in (graph, gold))
    overlaps = overlap(_boxes(graph), _boxes(gold))
    overlaps = np.where((names[:, None] == gold_names[None, :]) & (overlaps >= HIT), overlaps, 0)
    pairs = []
    while overlaps.size and overlaps.max() > 0:
        row, column = (int(index) for index in np.unravel_index(overlaps.argmax(), overlaps.shape))
        pairs.append((row, column))
        overlaps[row, :] = overlaps[:, column] = 0
    return pairs


def _boxes(graph: SceneGraph) -> NDArray[np.float32]:
    """[N, 4]; those of a graph without boxes are empty and overlap nothing."""
    return np.array(graph.boxes or np.zeros((len(graph.objects), 4)), np.float32).reshape(-1, 4)
