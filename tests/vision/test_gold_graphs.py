from __future__ import annotations

import numpy as np

from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations
from crosscap.vision.graphs.gold import gold_graphs
from crosscap.vision.graphs.label_table import LabelForm


def annotated(number: int, labels: list[int], relations: tuple[tuple[int, str, int], ...] = ()) -> AnnotatedImage:
    boxes = np.array([[10 * row, 0, 10 * row + 8, 20] for row in range(len(labels))], np.float32).reshape(-1, 4)
    looks = tuple(("Red",) if row == 0 else () for row in range(len(labels)))
    return AnnotatedImage(number, "x.jpg", 100, 100, boxes, np.array(labels, np.int64), looks, relations)


ANNOTATIONS = Annotations(
    (annotated(7, [0, 1, 1], ((0, "riding", 1), (0, "riding", 1), (2, "near", 0))), annotated(8, [])),
    ("Men", "street horses"),
    ("Red",),
    ("riding", "near"),
)


def test_gold_graphs_have_everything_that_is_annotated_in_the_words_of_the_predicted_ones() -> None:
    (graph,) = gold_graphs(ANNOTATIONS, LabelForm())
    assert graph.id == "7" and graph.objects == ("man", "horse", "horse")
    assert set(graph.attributes) == {(0, "red"), (1, "street"), (2, "street")}
    assert graph.relations == ((0, "ride", 1), (2, "near", 0))
    assert graph.boxes == ((0.0, 0.0, 8.0, 20.0), (10.0, 0.0, 18.0, 20.0), (20.0, 0.0, 28.0, 20.0))


def test_labels_that_are_not_normalised_are_lowercased() -> None:
    (graph,) = gold_graphs(ANNOTATIONS, LabelForm(normalise=False))
    assert graph.objects == ("men", "street horses", "street horses")
    assert graph.relations == ((0, "riding", 1), (2, "near", 0))


def test_without_annotations_there_is_no_gold_graph() -> None:
    assert gold_graphs(Annotations((annotated(1, []),), (), (), ()), LabelForm()) == []
