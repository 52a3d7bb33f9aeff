"""Scene graphs of images from what the detector and the relation model found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.detectors.detection import Detections
from crosscap.vision.relations.model import Predictions, RelationModel, predict


@dataclass(frozen=True)
class GraphLimits:
    """What is kept in a graph.

    Attributes:
        object_threshold: lowest detection score.
        attribute_threshold: lowest probability of an attribute.
        relation_threshold: lowest probability of a predicate, given that both objects are there.
        max_objects: objects a graph, best first; max_attributes: an object; max_relations: a graph.
    """

    object_threshold: float
    attribute_threshold: float
    relation_threshold: float
    max_objects: int
    max_attributes: int
    max_relations: int


def graph_limits(settings: ImageGraphSettings) -> GraphLimits:
    return GraphLimits(
        settings.object_threshold,
        settings.attribute_threshold,
        settings.relation_threshold,
        settings.max_objects,
        settings.max_attributes,
        settings.max_relations,
    )


def rank_relations(predictions: Predictions, scores: np.ndarray) -> list[tuple[float, int, int, int]]:
    """Each pair's best predicate as ``(score, subject row, predicate column, object row)``, best first.

    The score is that of MOTIFS: probability of the predicate times both detection scores.
    """
    if not predictions.predicates.size:
        return []
    best = predictions.predicates.argmax(1)
    subject, other = predictions.pairs.T
    ranks = predictions.predicates[np.arange(len(best)), best] * scores[subject] * scores[other]
    order = np.argsort(-ranks, kind="stable")
    return [(float(ranks[row]), int(subject[row]), int(best[row]), int(other[row])) for row in order]


def predicted_graph(
    id: str,
    detections: Detections,
    classes: tuple[str, ...],
    model: RelationModel,
    limits: GraphLimits,
    width: int,
    height: int,
    feature_start: int = -1,
) -> SceneGraph:
    """The graph of one picture of ``width`` x ``height`` pixels.

    Detections come best first, so a graph's objects are the first rows of its picture in the feature array, and
    ``feature_start`` is the picture's first row. Boxes of one thing were merged by the detector's suppression.
    """
    count = int((detections.scores >= limits.object_threshold).sum())
    kept = detections.head(min(count, limits.max_objects))
    said = predict(model, kept.features, kept.labels, kept.boxes, width, height)
    attributes = []
    for row, values in enumerate(said.attributes):
        best = np.argsort(-values, kind="stable")[: limits.max_attributes]
        attributes += [(row, model.names.attributes[k]) for k in best if values[k] >= limits.attribute_threshold]
    rows = {(subject, other): row for row, (subject, other) in enumerate(said.pairs.tolist())}
    relations = [
        (subject, model.names.predicates[predicate], other)
        for _, subject, predicate, other in rank_relations(said, kept.scores)
        if said.predicates[rows[subject, other], predicate] >= limits.relation_threshold
    ]
    return SceneGraph(
        id=id,
        objects=tuple(classes[label] for label in kept.labels),
        attributes=tuple(attributes),
        relations=tuple(relations[: limits.max_relations]),
        boxes=tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in kept.boxes),
        scores=tuple(float(score) for score in kept.scores),
        feature_start=feature_start if len(kept) else -1,
    )
