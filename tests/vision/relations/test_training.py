from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from crosscap.errors import InputError
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.picture_source import PictureSource
from crosscap.vision.relations.examples import Examples
from crosscap.vision.relations.model import RelationNames
from crosscap.vision.relations.prediction import predict
from crosscap.vision.relations.training import epoch_examples, train_relations
from tests.training.killing import Killed, killed_at_checkpoint

from .conftest import BACKENDS, NAMES, MeanColours, shape, training


@pytest.mark.parametrize("backend", ["motifs", "mlp"])
def test_classes_colours_and_predicates_are_learned(
    backend: str, source: PictureSource, annotations: Annotations, tmp_path: Path
) -> None:
    settings = training(epochs=30)
    examples = Examples(MeanColours(), annotations, source.__getitem__, settings, shape(backend))
    model, losses = train_relations(examples, NAMES, tmp_path)
    assert losses[-1] < losses[0] / 3
    told, untold = (epoch_examples(examples, [0], epoch)[0] for epoch in (0, 1))
    gold, known, asked = told, *predict(model, [told.regions, untold.regions])
    assert (known.predicates > 0.5).tolist() == (gold.predicates[:, 1:] > 0.5).tolist()
    assert (known.attributes > 0.5).tolist() == gold.attributes.astype(bool).tolist()
    assert known.labels.tolist() == gold.classes.tolist() and known.scores.tolist() == [1, 1, 1]
    assert asked.labels[2] == 2 and (asked.scores < 1).all()
    (seen,) = predict(model, [examples[0][1].regions])
    assert seen.labels[0] == 2
    if backend == "motifs":  # it has learned that the second detection is never anything
        assert seen.scores[0] > 0.8 and seen.scores[1] < 0.2
    else:
        np.testing.assert_allclose(seen.scores, [0.9, 0.4])


def test_the_classes_of_gold_boxes_are_told_in_every_second_epoch(examples: Examples) -> None:
    def told(row: int, epoch: int) -> bool:
        return epoch_examples(examples, [row], epoch)[0].regions.given

    assert [told(0, 0), told(0, 1), told(1, 0), told(1, 1)] == [True, False, False, True]
    assert epoch_examples(examples, [0], 1)[0].regions.trust.tolist() == [0, 0, 0]


@pytest.mark.parametrize("backend", BACKENDS)
def test_training_killed_and_resumed_gives_the_same_weights(
    backend: str, source: PictureSource, annotations: Annotations, tmp_path: Path
) -> None:
    def examples() -> Examples:
        return Examples(MeanColours(), annotations, source.__getitem__, training(), shape(backend))

    whole, losses = train_relations(examples(), NAMES, tmp_path / "whole")
    steps = -(-len(annotations.images) // training().batch_images)
    with killed_at_checkpoint(2 * steps), pytest.raises(Killed):
        train_relations(examples(), NAMES, tmp_path / "killed")
    torch.manual_seed(5)
    resumed, again = train_relations(examples(), NAMES, tmp_path / "killed")
    assert again == losses
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_picture_with_one_object_and_no_relations_or_attributes_is_enough(
    backend: str, source: PictureSource, annotations: Annotations, tmp_path: Path
) -> None:
    class SeesNothing(MeanColours):
        def look(self, pictures):  # type: ignore[no-untyped-def]
            sight = super().look(pictures)
            sight.detections = [found.head(0) for found in sight.detections]
            return sight

    image = annotations.images[0]
    lone = replace(image, boxes=image.boxes[:1], labels=image.labels[:1], attributes=((),), relations=())
    few = Annotations((lone,), annotations.classes, (), ())
    names = RelationNames(NAMES.classes, (), ())
    examples = Examples(SeesNothing(), few, source.__getitem__, training(), shape(backend))
    model, losses = train_relations(examples, names, tmp_path)
    assert np.isfinite(losses).all()
    (said,) = predict(model, [examples[0][0].regions])
    assert said.labels.tolist() == [0] and said.attributes.shape == (1, 0) and said.predicates.shape == (0, 0)


def test_annotations_without_any_known_object_are_an_error(
    source: PictureSource, annotations: Annotations, tmp_path: Path
) -> None:
    empty = replace(
        annotations.images[0],
        boxes=np.zeros((0, 4), np.float32),
        labels=np.zeros(0, np.int64),
        attributes=(),
        relations=(),
    )

    class Blind(MeanColours):
        def look(self, pictures):  # type: ignore[no-untyped-def]
            sight = super().look(pictures)
            sight.detections = [found.head(0) for found in sight.detections]
            return sight

    nothing = replace(annotations, images=(empty,))
    with pytest.raises(InputError, match="found no objects, expected annotated pictures"):
        train_relations(Examples(Blind(), nothing, source.__getitem__, training(), shape()), NAMES, tmp_path)


def test_a_loss_that_is_no_number_stops_training(
    source: PictureSource, annotations: Annotations, tmp_path: Path
) -> None:
    class Broken(MeanColours):
        def look(self, pictures):  # type: ignore[no-untyped-def]
            sight = super().look(pictures)
            sight.detections[0].features[:] = np.nan
            return sight

    with pytest.raises(InputError, match=r"found loss 'loss' is nan at step 1 \(epoch 1\) on the "):
        train_relations(Examples(Broken(), annotations, source.__getitem__, training(), shape()), NAMES, tmp_path)
