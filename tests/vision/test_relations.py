from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from crosscap.config.relations import RelationsTraining
from crosscap.errors import InputError
from crosscap.vision.annotations.annotated_images import Annotations, read_annotations
from crosscap.vision.detectors.detection import Boxes, Detections, Detector, Sight
from crosscap.vision.images import Picture
from crosscap.vision.picture_source import PictureSource
from crosscap.vision.relations.model import (
    GEOMETRY,
    RelationModel,
    RelationNames,
    RelationSizes,
    all_pairs,
    pair_geometry,
    predict,
)
from crosscap.vision.relations.store import load_relations, save_relations
from crosscap.vision.relations.training import Example, frequency_prior, make_examples, train_relations

NAMES = RelationNames(("ball", "box", "ground"), ("red", "blue"), ("next to", "on"))
TRAINING = RelationsTraining(
    seed=1,
    threads=1,
    epochs=4,
    batch_images=8,
    learning_rate=0.01,
    weight_decay=0.01,
    dropout=0.1,
    hidden_size=16,
    class_size=4,
    score_threshold=0.3,
    match_iou=0.5,
    prior_smoothing=1.0,
    checkpoint_epochs=1,
)


class Killed(Exception):
    pass


class MeanColours(Detector):
    """Stands for a detector: features are mean colours; it sees each gold ball a pixel off, and one ghost."""

    classes = NAMES.classes
    attributes = ()
    feature_size = 3

    def look(self, pictures: Sequence[Picture]) -> Sight:
        return Sight(partial(self._find, pictures), partial(self._pool, pictures))

    def _find(self, pictures: Sequence[Picture]) -> list[Detections]:
        boxes = np.array([[1, 30, 64, 48], [0, 0, 5, 5]], np.float32)
        scores = np.array([0.9, 0.4], np.float32)
        return [
            Detections(boxes, np.array([2, 0]), scores, self._pool([picture], [boxes])[0], np.zeros((2, 0), np.float32))
            for picture in pictures
        ]

    def _pool(self, pictures: Sequence[Picture], boxes: Boxes) -> list[np.ndarray]:
        def mean(picture: Picture, box: np.ndarray) -> np.ndarray:
            x0, y0, x1, y1 = box.astype(int)
            return picture[y0:y1, x0:x1].mean((0, 1)) / 255

        return [
            np.array([mean(picture, box) for box in some], np.float32).reshape(-1, 3)
            for picture, some in zip(pictures, boxes, strict=True)
        ]


@pytest.fixture(scope="module")
def annotations(shapes: Path) -> Annotations:
    return read_annotations(shapes / "annotations/instances_train.json")


@pytest.fixture(scope="module")
def examples(shapes: Path, annotations: Annotations) -> list[Example]:
    source = PictureSource(shapes / "images/train", annotations.images)
    return make_examples(MeanColours(), annotations, source.__getitem__, 0.5)


def test_a_gold_example_carries_all_pairs_and_their_predicates(examples: list[Example]) -> None:
    gold = examples[0]
    assert gold.pairs.tolist() == [[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]]
    assert gold.predicates.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1], [1, 0, 0], [1, 0, 0]]
    assert gold.known.all() and gold.attributes.sum(1).tolist() == [1, 1, 0]


def test_a_detected_box_takes_what_its_gold_box_has_and_a_ghost_nothing(examples: list[Example]) -> None:
    seen = examples[1]
    assert seen.labels.tolist() == [2, 0]
    assert seen.known.tolist() == [True, False]
    assert seen.predicates.tolist() == [[1, 0, 0], [1, 0, 0]]


def test_classes_that_the_detector_lacks_are_left_out(shapes: Path, annotations: Annotations) -> None:
    class Blind(MeanColours):
        classes = ("ground", "ball")

    source = PictureSource(shapes / "images/train", annotations.images)
    gold = make_examples(Blind(), annotations, source.__getitem__, 0.5)[0]
    assert gold.labels.tolist() == [1, 0]
    assert gold.predicates.tolist() == [[0, 0, 1], [1, 0, 0]]


def test_the_prior_is_the_log_of_smoothed_frequencies(examples: list[Example]) -> None:
    gold = [example for example in examples if len(example.labels) == 3]
    prior = frequency_prior(gold, 3, 1.0).exp()
    torch.testing.assert_close(prior.sum(-1), torch.ones(3, 3))
    # 12 pictures; over all pairs 36 none, 12 next to, 24 on, each counted once more.
    assert math.isclose(float(prior[0, 1, 1]), (12 + 13 / 75) / 13, rel_tol=1e-5)
    assert math.isclose(float(prior[0, 0, 2]), 25 / 75, rel_tol=1e-5)


def test_the_prior_decides_where_the_network_is_silent() -> None:
    model = RelationModel(NAMES, RelationSizes(3, 4, 2, 0.0)).eval()
    for parameter in model.predicate_head.parameters():
        torch.nn.init.zeros_(parameter)
    model.prior[0, 2] = torch.tensor([0.1, 0.2, 0.7]).log()
    said = predict(
        model,
        np.zeros((2, 3), np.float32),
        np.array([0, 2]),
        np.array([[0, 0, 4, 4], [0, 2, 8, 8]], np.float32),
        8,
        8,
    )
    assert said.pairs.tolist() == [[0, 1], [1, 0]]
    np.testing.assert_allclose(said.predicates[0], [0.2, 0.7], atol=1e-6)
    np.testing.assert_allclose(said.predicates[1], [1 / 3, 1 / 3], atol=1e-6)


def test_geometry_of_a_pair() -> None:
    boxes = np.array([[0, 0, 10, 10], [5, 0, 15, 10]], np.float32)
    row = pair_geometry(boxes, all_pairs(2), 20, 10)[0]
    assert row.shape == (GEOMETRY,)
    np.testing.assert_allclose(row[[0, 1, 2, 3]], [-0.5, 0, -1, 0], atol=1e-6)
    np.testing.assert_allclose(row[[10, 11]], [0.5, 0.5], atol=1e-6)


def test_a_picture_without_objects_has_no_relations() -> None:
    model = RelationModel(NAMES, RelationSizes(3, 4, 2, 0.0)).eval()
    none = predict(model, np.zeros((0, 3), np.float32), np.zeros(0, int), np.zeros((0, 4), np.float32), 8, 8)
    assert none.attributes.shape == (0, 2) and none.pairs.shape == (0, 2) and none.predicates.shape == (0, 2)


def test_colours_and_predicates_are_learned(examples: list[Example], tmp_path: Path) -> None:
    settings = TRAINING.model_copy(update={"epochs": 60})
    model, losses = train_relations(examples, NAMES, settings, tmp_path)
    assert losses[-1] < losses[0] / 3
    gold = examples[0]
    with torch.inference_mode():
        features, labels = torch.from_numpy(gold.features), torch.from_numpy(gold.labels)
        logits = model.predicates(features, labels, torch.from_numpy(gold.pairs), torch.from_numpy(gold.geometry))
        attributes = model.attributes(features, labels) > 0
    assert logits.argmax(1).tolist() == gold.predicates.argmax(1).tolist()
    assert attributes.float().tolist() == gold.attributes.tolist()


def test_training_killed_and_resumed_gives_the_same_weights(examples: list[Example], tmp_path: Path) -> None:
    whole, losses = train_relations(examples, NAMES, TRAINING, tmp_path / "whole")

    def kill(epoch: int) -> None:
        if epoch == 2:
            raise Killed

    with pytest.raises(Killed):
        train_relations(examples, NAMES, TRAINING, tmp_path / "killed", kill)
    torch.manual_seed(5)
    resumed, again = train_relations(examples, NAMES, TRAINING, tmp_path / "killed")
    assert again == losses
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_a_saved_model_is_loaded_as_it_was(tmp_path: Path) -> None:
    model = RelationModel(NAMES, RelationSizes(3, 4, 2, 0.5))
    save_relations(tmp_path, model)
    loaded = load_relations(tmp_path)
    assert loaded is not None and loaded.names == NAMES and not loaded.training
    assert all(torch.equal(value, loaded.state_dict()[name]) for name, value in model.state_dict().items())
    save_relations(tmp_path, None)
    assert load_relations(tmp_path) is None


def test_damaged_weights_are_an_error(tmp_path: Path) -> None:
    save_relations(tmp_path, RelationModel(NAMES, RelationSizes(3, 4, 2, 0.5)))
    (tmp_path / "model.safetensors").write_bytes(b"x")
    with pytest.raises(InputError, match=r"model.safetensors: found"):
        load_relations(tmp_path)
