"""Scores of image scene graphs against annotated pictures: attributes and relations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crosscap.evaluation.stage_scores import Values, precision_recall_f1
from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations
from crosscap.vision.detectors.detection import overlap

HIT = 0.5


def attribute_scores(gold: Annotations, graphs: Mapping[str, SceneGraph]) -> Values:
    """Attributes of the objects that were found; what the detector missed is not counted against them.

    An object of the graph and one of the picture are paired when they have one name and overlap by at least 0.5, the
    largest overlaps first, each object once.
    """
    correct = found = wanted = 0
    for image in gold.images:
        graph = graphs.get(str(image.id))
        if graph is None:
            continue
        for row, column in paired_objects(image, gold.classes, graph):
            guess = {name for owner, name in graph.attributes if owner == row}
            right = set(image.attributes[column])
            correct += len(guess & right)
            found += len(guess)
            wanted += len(right)
    return precision_recall_f1(correct, found, wanted)


def relation_recall(gold: Annotations, graphs: Mapping[str, SceneGraph], count: int = 20) -> float | None:
    """Recall@``count`` as scene-graph papers define it (SGDet, one predicate a pair), mean over pictures, in [0, 1].

    A gold relation is found when one of the graph's first ``count`` relations (they stand best first) has its
    predicate and both its objects, each of the same name and overlapping by at least 0.5. Pictures without gold
    relations do not count; a picture without a graph has recall 0.

    Returns:
        None when no picture has a gold relation.
    """
    recalls = []
    for image in gold.images:
        if not image.relations:
            continue
        graph = graphs.get(str(image.id), SceneGraph(str(image.id)))
        same = _same_object(image, gold.classes, graph)
        hits = sum(
            any(
                predicate == said and same[row, subject] and same[other_row, other]
                for row, said, other_row in graph.relations[:count]
            )
            for subject, predicate, other in image.relations
        )
        recalls.append(hits / len(image.relations))
    return sum(recalls) / len(recalls) if recalls else None


def paired_objects(image: AnnotatedImage, classes: tuple[str, ...], graph: SceneGraph) -> list[tuple[int, int]]:
    """``(row of the graph, row of the picture)`` of the same object, each in at most one pair, best overlap first."""
    overlaps = np.where(_same_object(image, classes, graph), _overlaps(image, graph), 0)
    pairs = []
    while overlaps.size and overlaps.max() > 0:
        row, column = (int(index) for index in np.unravel_index(overlaps.argmax(), overlaps.shape))
        pairs.append((row, column))
        overlaps[row, :] = overlaps[:, column] = 0
    return pairs


def _same_object(image: AnnotatedImage, classes: tuple[str, ...], graph: SceneGraph) -> np.ndarray:
    """[objects of the graph, objects of the picture]: one name and enough overlap."""
    names = np.array([classes[label] for label in image.labels], dtype=object)
    same_name = np.array(graph.objects, dtype=object)[:, None] == names[None, :]
    return np.asarray(same_name, dtype=bool) & (_overlaps(image, graph) >= HIT)


def _overlaps(image: AnnotatedImage, graph: SceneGraph) -> np.ndarray:
    boxes = np.array(graph.boxes or np.zeros((len(graph.objects), 4)), np.float32).reshape(-1, 4)
    return overlap(boxes, image.boxes)
