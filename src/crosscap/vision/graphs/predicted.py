"""Scene graphs of images from what the detector and the relation model found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.graph.scene_graph import Attribute, SceneGraph
from crosscap.vision.detectors.detection import Detections, overlap
from crosscap.vision.graphs.label_table import LabelForm, LabelTable, read_aliases
from crosscap.vision.relations.model import RelationNames
from crosscap.vision.relations.prediction import Predictions


@dataclass(frozen=True)
class GraphLimits:
    """What is kept in a graph.

    Attributes:
        object_threshold: lowest detection score.
        attribute_threshold: lowest probability of an attribute.
        relation_threshold: lowest probability of a predicate, given that both objects are there.
        duplicate_iou: objects of one name whose boxes overlap by more than this are one object.
        max_objects: objects a graph, best first; max_attributes: an object; max_relations: a graph.
    """

    object_threshold: float
    attribute_threshold: float
    relation_threshold: float
    duplicate_iou: float
    max_objects: int
    max_attributes: int
    max_relations: int


def graph_limits(settings: ImageGraphSettings) -> GraphLimits:
    return GraphLimits(
        settings.object_threshold,
        settings.attribute_threshold,
        settings.relation_threshold,
        settings.duplicate_iou,
        settings.max_objects,
        settings.max_attributes,
        settings.max_relations,
    )


def label_form(settings: ImageGraphSettings) -> LabelForm:
    """How labels become names.

    Raises:
        InputError: a list of aliases cannot be read.
    """
    objects, relationships = settings.object_aliases, settings.relationship_aliases
    return LabelForm(
        settings.normalise_labels,
        read_aliases(objects) if objects else {},
        read_aliases(relationships) if relationships else {},
    )


class RankedRelation(NamedTuple):
    """``score``: that of MOTIFS, the predicate's probability times both objects' scores."""

    score: float
    subject: int
    predicate: int
    other: int


def rank_relations(predictions: Predictions, threshold: float = 0.0) -> list[RankedRelation]:
    """Each pair's best predicate, best first; those less probable than ``threshold`` are left out."""
    if not predictions.predicates.size:
        return []
    best = predictions.predicates.argmax(1)
    probabilities = predictions.predicates[np.arange(len(best)), best]
    subject, other = predictions.pairs.T
    ranks = probabilities * predictions.scores[subject] * predictions.scores[other]
    order = np.argsort(-ranks, kind="stable")
    return [
        RankedRelation(float(ranks[row]), int(subject[row]), int(best[row]), int(other[row]))
        for row in order
        if probabilities[row] >= threshold
    ]


def kept_objects(detections: Detections, limits: GraphLimits) -> Detections:
    """The objects that a graph may have: the best ones over the threshold."""
    return detections.head(min(int((detections.scores >= limits.object_threshold).sum()), limits.max_objects))


def predicted_graph(
    id: str,
    objects: Detections,
    said: Predictions,
    classes: Sequence[str],
    names: RelationNames,
    table: LabelTable,
    limits: GraphLimits,
    first_row: int = -1,
) -> SceneGraph:
    """The graph of one picture.

    Args:
        objects: N detections, see `kept_objects`.
        said: what the relation model says of them, row by row; its labels and scores count.
        classes, names: what the labels of both mean; table: how the graph calls it.
        first_row: the first object's row in the feature array; -1: there is none.
    """
    things = [table.objects[classes[label]] for label in said.labels]
    stands_for = merged_objects([thing.name for thing in things], objects.boxes, said.scores, limits.duplicate_iou)
    kept = sorted(set(stands_for))
    row_of = {old: new for new, old in enumerate(kept)}

    attributes: dict[Attribute, None] = {}
    for row in kept:
        values = said.attributes[row]
        best = np.argsort(-values, kind="stable")[: limits.max_attributes]
        sure = [names.attributes[column] for column in best if values[column] >= limits.attribute_threshold]
        found = [*things[row].attributes, *(name for label in sure for name in table.attributes[label])]
        attributes |= dict.fromkeys((row_of[row], name) for name in found)

    # A duplicate's relations go to the object it stands for; an ordered pair keeps its best predicate.
    relations: dict[tuple[int, int], str] = {}
    for _, subject, predicate, other in rank_relations(said, limits.relation_threshold):
        name, turned = table.predicates[names.predicates[predicate]]
        ends = row_of[stands_for[subject]], row_of[stands_for[other]]
        if ends[0] != ends[1]:
            relations.setdefault(ends[::-1] if turned else ends, name)

    return SceneGraph(
        id=id,
        objects=tuple(things[row].name for row in kept),
        attributes=tuple(attributes),
        relations=tuple((subject, name, other) for (subject, other), name in relations.items())[: limits.max_relations],
        boxes=tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in objects.boxes[kept]),
        scores=tuple(float(score) for score in said.scores[kept]),
        feature_rows=tuple(first_row + row for row in kept) if first_row >= 0 else (),
    )


def merged_objects(
    names: Sequence[str], boxes: NDArray[np.float32], scores: NDArray[np.float32], duplicate_iou: float
) -> list[int]:
    """The row that each of N objects stands for: its own, or that of a surer one of its name in nearly its place.

    The detector suppresses boxes of one *class*; two classes may have become one name (``man``, ``men``).
    """
    overlaps = overlap(boxes, boxes)
    stands_for = list(range(len(names)))
    kept: list[int] = []
    for row in _best_first(scores):
        same = (other for other in kept if names[other] == names[row] and overlaps[other, row] > duplicate_iou)
        stands_for[row] = next(same, row)
        if stands_for[row] == row:
            kept.append(row)
    return stands_for


def _best_first(scores: NDArray[np.float32]) -> Iterable[int]:
    return (int(row) for row in np.argsort(-scores, kind="stable"))
