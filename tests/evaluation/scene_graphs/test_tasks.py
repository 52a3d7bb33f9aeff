from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

from crosscap.evaluation.scene_graph_tasks import (
    SETTINGS,
    TASKS,
    Scores,
    empty_scores,
    relation_guesses,
    relation_scores,
)
from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations
from crosscap.vision.detectors.detection import Boxes, Detections, Detector, Sight, overlap
from crosscap.vision.images import Picture
from crosscap.vision.relations.model import (
    Architecture,
    FrequencyModel,
    PerceptronModel,
    RelationModel,
    RelationNames,
)

CLASSES, PREDICATES = ("ball", "box", "ground"), ("next to", "on")
BOXES = np.array([[4, 20, 20, 40], [36, 20, 52, 40], [0, 30, 64, 48]], np.float32)
NAMES = RelationNames(CLASSES, (), PREDICATES)
PICTURE: Picture = np.zeros((48, 64, 3), np.uint8)


def architecture(backend: str) -> Architecture:
    return Architecture(
        backend=backend, feature_size=3, hidden_size=4, class_size=2, layers=1, dropout=0.0, order="left_right",
        union_features=False, relabel_detections=False, overlapping_pairs=False, max_attributes=3,
    )  # fmt: skip


def annotations(count: int = 2, classes: tuple[str, ...] = CLASSES) -> Annotations:
    """A ball next to a box, both on the ground."""
    relations = ((0, "next to", 1), (0, "on", 2), (1, "on", 2))
    looks: tuple[tuple[str, ...], ...] = ((), (), ())
    images = [AnnotatedImage(number, "x", 64, 48, BOXES, np.arange(3), looks, relations) for number in range(count)]
    return Annotations(tuple(images), classes, (), PREDICATES)


class Eye(Detector):
    """Stands for a detector: features tell the class of a gold box, and it sees the gold boxes of ``rows``."""

    classes = CLASSES
    attributes = ()
    feature_size = 3

    def __init__(self, rows: Sequence[int] = (0, 1, 2)) -> None:
        self.rows = list(rows)

    def look(self, pictures: Sequence[Picture]) -> Sight:
        (picture,) = pictures
        gold = BOXES * picture.shape[1] / 64

        def find() -> list[Detections]:
            scores = np.linspace(0.9, 0.8, len(self.rows), dtype=np.float32)
            features = np.eye(3, dtype=np.float32)[self.rows]
            return [Detections(gold[self.rows], np.array(self.rows), scores, features, np.zeros((len(scores), 0)))]

        def pool(boxes: Boxes) -> list[np.ndarray]:
            return [np.eye(3, dtype=np.float32)[overlap(some, gold).argmax(1)] for some in boxes]

        return Sight(find, pool)


def knowing(model: RelationModel, order: Sequence[int] = (0, 1, 2)) -> RelationModel:
    """The classes by their features, and how they stand to one another from frequencies."""
    names = model.names
    with torch.no_grad():
        model.guess.weight.copy_(20 * torch.eye(3)[list(order)][: len(names.classes)])
        model.guess.bias.zero_()
        model.predicate_prior.copy_(torch.tensor([0.9, *[0.1 / len(names.predicates)] * len(names.predicates)]).log())
        said = {("ball", "box"): "next to", ("ball", "ground"): "on", ("box", "ground"): "on"}
        for (subject, other), predicate in said.items():
            if subject in names.classes and other in names.classes and predicate in names.predicates:
                row = model.predicate_prior[names.classes.index(subject), names.classes.index(other)]
                row.fill_(np.log(0.05))
                row[names.predicates.index(predicate) + 1] = np.log(0.9)
    return model.eval()


def scores_of(model: RelationModel, eye: Eye | None = None, **options: Any) -> Scores:
    gold = options.get("gold", annotations())
    pictures = options.get("pictures", lambda row: PICTURE)
    return relation_scores(*relation_guesses(eye or Eye(), model, gold, pictures))


def values(scores: Scores, task: str, system: str = "model") -> set[float | None]:
    return {value for setting in SETTINGS for value in scores[task][system][setting].values()}


def test_perfect_eyes_and_telling_frequencies_find_everything() -> None:
    scores = scores_of(knowing(FrequencyModel(NAMES, architecture("frequency"))))
    assert all(values(scores, task, system) == {100.0} for task in TASKS for system in ("model", "frequency_baseline"))


def test_the_scores_have_the_shape_of_the_empty_ones() -> None:
    scores, empty = scores_of(knowing(FrequencyModel(NAMES, architecture("frequency")))), empty_scores()
    assert empty["SGDet"]["model"]["graph_constraint"]["mR@100"] is None
    for task in TASKS:
        for system, settings in empty[task].items():
            for setting, recalls in settings.items():
                assert scores[task][system][setting].keys() == recalls.keys()


def test_boxes_taken_for_something_else_cost_sgcls_alone() -> None:
    scores = scores_of(knowing(FrequencyModel(NAMES, architecture("frequency")), order=(1, 0, 2)))
    assert values(scores, "PredCls") == values(scores, "SGDet") == {100.0}
    # The ball is called a box and the box a ball.
    assert values(scores, "SGCls") == {0.0}


def test_things_that_are_not_seen_cost_sgdet_alone() -> None:
    scores = scores_of(knowing(FrequencyModel(NAMES, architecture("frequency"))), Eye(rows=[0, 2]))
    assert values(scores, "PredCls") == values(scores, "SGCls") == {100.0}
    # Ball on ground is left: one of three triples; of the predicates next to 0, on 1/2.
    assert values(scores, "SGDet") == {33.3333, 25.0}


def test_what_the_model_has_no_name_for_is_not_found_and_counts() -> None:
    model = knowing(FrequencyModel(RelationNames(("ball", "ground"), (), ("on",)), architecture("frequency")), (0, 2))

    class Poorer(Eye):
        classes = ("ball", "ground")

        def look(self, pictures: Sequence[Picture]) -> Sight:
            sight = Eye([0, 2]).look(pictures)
            (found,) = sight.detections
            return Sight(lambda: [Detections(**{**vars(found), "labels": np.array([0, 1])})], sight.box_features)

    scores = scores_of(model, Poorer())
    assert all(values(scores, task) == {33.3333, 25.0} for task in TASKS)


def test_a_model_is_told_from_its_frequencies() -> None:
    model = knowing(PerceptronModel(NAMES, architecture("mlp")))
    with torch.no_grad():
        for parameter in model.predicate_head.parameters():  # type: ignore[union-attr]
            parameter.zero_()
        model.predicate_head[-1].bias.copy_(torch.tensor([0.0, 0.0, 50.0]))  # type: ignore[index,union-attr,operator]
    scores = scores_of(model)
    assert values(scores, "PredCls", "frequency_baseline") == {100.0}
    bound = scores["PredCls"]["model"]["graph_constraint"]
    assert (bound["R@20"], bound["mR@20"]) == (66.6667, 50.0), "it says on of every pair"
    assert scores["PredCls"]["model"]["no_graph_constraint"]["R@20"] == 100.0


def test_a_picture_that_cannot_be_read_counts_as_one_where_nothing_is_found() -> None:
    model = knowing(FrequencyModel(NAMES, architecture("frequency")))
    scores = scores_of(model, pictures=lambda row: PICTURE if row else None)
    assert all(values(scores, task) == {50.0} for task in TASKS)


def test_a_picture_that_was_decoded_smaller_keeps_its_gold() -> None:
    model = knowing(FrequencyModel(NAMES, architecture("frequency")))
    scores = scores_of(model, pictures=lambda row: PICTURE[::2, ::2])
    assert all(values(scores, task) == {100.0} for task in TASKS)


@pytest.mark.parametrize("count", [0, 1])
def test_pictures_without_relations_give_nothing(count: int) -> None:
    image = AnnotatedImage(1, "x", 64, 48, BOXES, np.arange(3), ((), (), ()), ())
    gold = Annotations((image,) * count, CLASSES, (), PREDICATES)
    model = knowing(FrequencyModel(NAMES, architecture("frequency")))

    def never(row: int) -> Picture | None:
        raise AssertionError("the picture is not needed")

    assert scores_of(model, gold=gold, pictures=never) == empty_scores()
