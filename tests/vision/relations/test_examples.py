from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations
from crosscap.vision.picture_source import PictureSource
from crosscap.vision.relations.examples import Example, Examples

from .conftest import MeanColours, shape, training


def only(annotations: Annotations, image: AnnotatedImage) -> Annotations:
    return replace(annotations, images=(image,))


def same(first: list[Example], second: list[Example]) -> bool:
    return all(
        np.array_equal(value, other)
        for a, b in zip(first, second, strict=True)
        for value, other in zip(
            (*vars(a.regions).values(), a.classes, a.attributes, a.known, a.predicates),
            (*vars(b.regions).values(), b.classes, b.attributes, b.known, b.predicates),
            strict=True,
        )
    )


def test_a_gold_example_carries_all_pairs_and_what_is_true_of_them(examples: Examples) -> None:
    gold = examples[0][0]
    assert gold.regions.given and gold.regions.trust.tolist() == [1, 1, 1]
    assert gold.regions.pairs.tolist() == [[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]]
    assert gold.predicates.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1], [1, 0, 0], [1, 0, 0]]
    assert gold.known.all() and gold.attributes.sum(1).tolist() == [1, 1, 0]
    assert gold.classes.tolist() == [0, 1, 2]


def test_a_detected_box_takes_what_its_gold_box_has_and_a_ghost_nothing(examples: Examples) -> None:
    seen = examples[0][1]
    assert not seen.regions.given
    np.testing.assert_allclose(seen.regions.trust, [0.9, 0.4])
    assert seen.regions.labels.tolist() == [2, 0] and seen.classes.tolist() == [2, -1]
    assert seen.known.tolist() == [True, False]
    assert seen.predicates.tolist() == [[1, 0, 0], [1, 0, 0]]


def test_features_of_unions_are_those_of_the_box_around_both(
    examples: Examples, source: PictureSource, annotations: Annotations
) -> None:
    regions = examples[0][0].regions
    ball, box, _ = annotations.images[0].boxes
    around = np.array([[ball[0], min(ball[1], box[1]), box[2], max(ball[3], box[3])]], np.float32)
    (expected,) = MeanColours().look([source[0]]).box_features([around])
    np.testing.assert_array_equal(regions.unions[0], expected[0])
    np.testing.assert_array_equal(regions.unions[2], expected[0])  # box, ball
    assert regions.unions.shape == (6, 3)


def test_models_without_unions_have_none_pooled(source: PictureSource, annotations: Annotations) -> None:
    examples = Examples(MeanColours(), annotations, source.__getitem__, training(), shape("mlp"))
    assert examples[0][0].regions.unions.shape == (6, 0)


def test_classes_that_the_detector_lacks_are_left_out(source: PictureSource, annotations: Annotations) -> None:
    class Blind(MeanColours):
        classes = ("ground", "ball")

    gold = Examples(Blind(), annotations, source.__getitem__, training(), shape())[0][0]
    assert gold.regions.labels.tolist() == [1, 0] and gold.classes.tolist() == [1, 0]
    assert gold.predicates.tolist() == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize("memory", [0, 10])
def test_examples_are_kept_while_they_fit_and_recomputed_to_the_same_bytes(
    source: PictureSource, annotations: Annotations, memory: int
) -> None:
    detector = MeanColours()
    settings = training(memory_mb=memory, pairs_per_image=3)
    examples = Examples(detector, annotations, source.__getitem__, settings, shape())
    examples.survey()
    first = examples[3]
    assert same(first, examples[3])
    assert same(first, Examples(MeanColours(), annotations, source.__getitem__, settings, shape())[3])
    assert detector.looks == (12 if memory else 14)


def test_at_most_so_many_pairs_are_drawn_and_a_share_of_them_related(
    source: PictureSource, annotations: Annotations
) -> None:
    settings = training(pairs_per_image=4, related_share=0.5)
    examples = Examples(MeanColours(), annotations, source.__getitem__, settings, shape())
    related = [(example.predicates[:, 0] < 1).sum() for example in (examples[row][0] for row in range(12))]
    assert related == [2] * 12
    drawn = [examples[row][0].regions.pairs.tolist() for row in range(12)]
    assert all(len(pairs) == 4 and pairs == sorted(pairs) for pairs in drawn)
    assert len({str(pairs) for pairs in drawn}) > 1


def test_only_pairs_of_detected_boxes_that_overlap_where_so_wanted(
    source: PictureSource, annotations: Annotations
) -> None:
    examples = Examples(MeanColours(), annotations, source.__getitem__, training(), shape(overlapping_pairs=True))
    gold, seen = examples[0]
    assert len(gold.regions.pairs) == 6 and seen.regions.pairs.shape == (0, 2) and seen.regions.unions.shape == (0, 3)


def test_an_object_keeps_at_most_so_many_attributes(source: PictureSource, annotations: Annotations) -> None:
    image = replace(annotations.images[0], attributes=(("blue", "red"), ("red", "red", "blue"), ()))
    few = Examples(MeanColours(), only(annotations, image), source.__getitem__, training(), shape(max_attributes=1))
    assert few[0][0].attributes.tolist() == [[0, 1], [1, 0], [0, 0]]


def test_several_predicates_of_a_pair_share_it_and_repetitions_do_not_count(
    source: PictureSource, annotations: Annotations
) -> None:
    image = replace(annotations.images[0], relations=((0, "on", 2), (0, "next to", 2), (0, "on", 2)))
    some = Examples(MeanColours(), only(annotations, image), source.__getitem__, training(), shape())
    assert some[0][0].predicates[1].tolist() == [0, 0.5, 0.5]


def test_the_frequencies_are_smoothed_and_count_pairs_that_are_not_drawn(
    source: PictureSource, annotations: Annotations
) -> None:
    class GoldOnly(MeanColours):
        def look(self, pictures):  # type: ignore[no-untyped-def]
            sight = super().look(pictures)
            sight.detections = [found.head(0) for found in sight.detections]
            return sight

    settings = training(pairs_per_image=1)
    statistics = Examples(GoldOnly(), annotations, source.__getitem__, settings, shape()).survey()
    assert statistics is not None
    frequencies = statistics.predicates.exp()
    torch.testing.assert_close(frequencies.sum(-1), torch.ones(3, 3))
    # 12 pictures; over all pairs 36 none, 12 next to, 24 on, each counted once more.
    assert math.isclose(float(frequencies[0, 1, 1]), (12 + 13 / 75) / 13, rel_tol=1e-5)
    assert math.isclose(float(frequencies[0, 0, 2]), 25 / 75, rel_tol=1e-5)
    # The ground has no colour in 12 pictures, smoothed by one object as all 36 are.
    red = sum(names == ("red",) for image in annotations.images for names in image.attributes)
    share = (red + 1) / 38
    assert math.isclose(float(statistics.attributes[2, 0].sigmoid()), share / 13, rel_tol=1e-4)


def test_features_are_scaled_by_what_all_boxes_show(examples: Examples) -> None:
    statistics = examples.survey()
    assert statistics is not None
    features = np.concatenate([example.regions.features for row in range(12) for example in examples[row]])
    np.testing.assert_allclose(statistics.feature_mean, features.mean(0), rtol=1e-5)
    np.testing.assert_allclose(statistics.feature_scale, 1 / features.std(0), rtol=1e-4)
