"""Two boxes of one thing become one object, two things of one name stay two."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.detectors.detection import Detections, overlap
from crosscap.vision.graphs.label_table import LabelForm, LabelTable
from crosscap.vision.graphs.predicted import GraphLimits, merged_objects, predicted_graph
from crosscap.vision.relations.model import RelationNames
from crosscap.vision.relations.prediction import Predictions

CLASSES, PREDICATES = ("man", "men", "bat", "shirt"), ("holding", "wearing", "worn by", "in")
NAMES = RelationNames(CLASSES, ("tall", "standing"), PREDICATES)
LIMITS = GraphLimits(0.1, 0.5, 0.5, 0.7, 10, 2, 10)
MAN, NEARLY, APART = (0.0, 0.0, 10.0, 20.0), (0.0, 1.0, 10.0, 20.0), (8.0, 0.0, 18.0, 20.0)
THING, OTHER_THING = (20.0, 0.0, 24.0, 9.0), (30.0, 0.0, 34.0, 9.0)


def graph_of(
    objects: list[tuple[str, tuple[float, ...]]], relations: dict[tuple[int, str, int], float], limits: GraphLimits
) -> SceneGraph:
    count = len(objects)
    found = Detections(
        np.array([box for _, box in objects], np.float32),
        np.array([CLASSES.index(name) for name, _ in objects]),
        np.linspace(0.9, 0.5, count).astype(np.float32),
        np.zeros((count, 0), np.float32),
        np.zeros((count, 0), np.float32),
    )
    pairs = sorted({(subject, other) for subject, _, other in relations})
    predicates = np.zeros((len(pairs), len(PREDICATES)), np.float32)
    for (subject, name, other), value in relations.items():
        predicates[pairs.index((subject, other)), PREDICATES.index(name)] = value
    attributes = np.zeros((count, 2), np.float32)
    attributes[:, 1] = 0.8
    said = Predictions(found.labels, found.scores, attributes, np.array(pairs).reshape(-1, 2), predicates)
    table = LabelTable.of(CLASSES, NAMES.attributes, PREDICATES, LabelForm())
    return predicted_graph("7", found, said, CLASSES, NAMES, table, limits, 100)


def test_the_relations_of_a_duplicate_go_to_the_object_it_stands_for() -> None:
    objects = [("man", MAN), ("men", NEARLY), ("bat", THING), ("shirt", OTHER_THING)]
    relations = {(0, "wearing", 3): 0.9, (1, "holding", 2): 0.9, (1, "in", 0): 0.9}
    graph = graph_of(objects, relations, LIMITS)
    assert graph.objects == ("man", "bat", "shirt") and graph.boxes[0] == MAN
    assert set(graph.relations) == {(0, "wear", 2), (0, "hold", 1)}
    assert graph.feature_rows == (100, 102, 103)
    assert graph.attributes == ((0, "stand"), (1, "stand"), (2, "stand"))


def test_two_men_side_by_side_are_two() -> None:
    graph = graph_of([("man", MAN), ("man", APART), ("bat", THING)], {(1, "holding", 2): 0.9}, LIMITS)
    assert graph.objects == ("man", "man", "bat") and graph.relations == ((1, "hold", 2),)


def test_a_triple_said_twice_stands_once_and_counts_once_for_the_limit() -> None:
    objects = [("man", MAN), ("man", NEARLY), ("shirt", OTHER_THING), ("bat", THING)]
    relations = {(0, "wearing", 2): 0.9, (1, "wearing", 2): 0.8, (2, "worn by", 0): 0.7, (0, "holding", 3): 0.6}
    graph = graph_of(objects, relations, GraphLimits(0.1, 0.5, 0.5, 0.7, 10, 2, 2))
    assert graph.relations == ((0, "wear", 1), (0, "hold", 2))


def test_a_pair_keeps_its_surest_predicate() -> None:
    objects = [("man", MAN), ("men", NEARLY), ("shirt", OTHER_THING)]
    graph = graph_of(objects, {(0, "in", 2): 0.6, (1, "wearing", 2): 0.95}, LIMITS)
    assert graph.relations == ((0, "wear", 1),)


@given(
    some.lists(some.tuples(some.sampled_from("ab"), some.integers(0, 6), some.integers(1, 9)), max_size=12),
    some.floats(0.05, 0.95),
)
@settings(max_examples=100, deadline=None)
def test_what_is_kept_overlaps_little_and_what_is_merged_much(things: list[tuple[str, int, int]], limit: float) -> None:
    names = [name for name, _, _ in things]
    boxes = np.array([(x, 0, x + width, 5) for _, x, width in things], np.float32).reshape(-1, 4)
    scores = np.array([(7 * row % 5) / 5 for row in range(len(things))], np.float32)
    stands_for = merged_objects(names, boxes, scores, limit)
    overlaps = overlap(boxes, boxes)
    for row, other in enumerate(stands_for):
        assert stands_for[other] == other and names[other] == names[row] and scores[other] >= scores[row]
        assert row == other or overlaps[row, other] > limit
    kept = sorted(set(stands_for))
    assert all(names[one] != names[two] or overlaps[one, two] <= limit for one in kept for two in kept if one != two)
