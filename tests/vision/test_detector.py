from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from crosscap.config.detector import DetectorTraining
from crosscap.errors import InputError
from crosscap.training.seed import seed_everything
from crosscap.vision.annotations.annotated_images import Annotations, read_annotations
from crosscap.vision.detectors.detection import NoDetector, overlap
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.pretrained import adopt_pretrained
from crosscap.vision.detectors.store import (
    DetectorDescription,
    describe_detector,
    load_detector,
    save_detector,
    save_no_detector,
)
from crosscap.vision.detectors.torchvision_detector import Architecture, TorchvisionDetector, build
from crosscap.vision.detectors.training import batch_rows, make_batch, train_detector, vary_scale
from crosscap.vision.detectors.weights import load_weights, read_state
from crosscap.vision.picture_source import PictureSource
from tests.training.killing import Killed, counted_checkpoints, killed_at_checkpoint

TINY = Architecture("torchvision_small", ("ball", "box", "ground"), 48, 64, (8, 16, 32, 64), 16, 8, ("red", "blue"))
TRAINING = DetectorTraining(
    seed=3,
    threads=1,
    epochs=1,
    batch_size=4,
    learning_rate=0.01,
    weight_decay=0.01,
    flip=0.5,
    jitter=0.1,
    scale_jitter=0.1,
    attribute_weight=1.0,
    checkpoint_steps=1,
)


def split(shapes: Path, name: str) -> tuple[Annotations, PictureSource]:
    annotations = read_annotations(shapes / f"annotations/instances_{name}.json")
    return annotations, PictureSource(shapes / "images" / name, annotations.images)


def random_detector() -> TorchvisionDetector:
    seed_everything(0)
    return TorchvisionDetector(
        build(TINY), TINY.classes, DetectionLimits(score_threshold=0.2, max_objects=5), TINY.attributes
    )


def test_training_killed_and_resumed_gives_the_same_weights(shapes: Path, tmp_path: Path) -> None:
    annotations, source = split(shapes, "train")
    whole, losses = train_detector(TINY, annotations, source, TRAINING, tmp_path / "whole")
    with killed_at_checkpoint(2), pytest.raises(Killed):
        train_detector(TINY, annotations, source, TRAINING, tmp_path / "killed")
    torch.manual_seed(99)
    with counted_checkpoints() as steps:
        resumed, again = train_detector(TINY, annotations, source, TRAINING, tmp_path / "killed")
    assert steps == [3] and again == losses
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_a_detector_saved_and_loaded_finds_the_same(shapes: Path, tmp_path: Path) -> None:
    _, source = split(shapes, "test")
    pictures = [source[row] for row in range(3)]
    detector = random_detector()
    save_detector(tmp_path, TINY, detector.model)
    loaded = load_detector(tmp_path, detector.limits)
    assert loaded.classes == TINY.classes and loaded.feature_size == 8
    for ours, theirs in zip(detector.detect(pictures), loaded.detect(pictures), strict=True):
        for name in ("boxes", "labels", "scores", "features", "attribute_scores"):
            assert np.array_equal(getattr(ours, name), getattr(theirs, name))


def test_detections_come_best_first_inside_the_picture_with_the_features_of_their_boxes(shapes: Path) -> None:
    picture = split(shapes, "test")[1][0]
    detector = random_detector()
    (found,) = detector.detect([picture])
    assert 0 < len(found) <= 5
    assert (np.diff(found.scores) <= 0).all() and found.labels.min() >= 0 and found.labels.max() <= 2
    assert found.boxes.min() >= 0 and found.boxes[:, 2].max() <= 64 and found.boxes[:, 3].max() <= 48
    (features,) = detector.box_features([picture], [found.boxes])
    np.testing.assert_allclose(features, found.features, atol=1e-4)


def test_no_box_pair_overlaps_more_than_the_duplicate_limit(shapes: Path) -> None:
    detector = random_detector()
    detector.limits = replace(detector.limits, duplicate_iou=0.3)
    (found,) = detector.detect([split(shapes, "test")[1][0]])
    assert (overlap(found.boxes, found.boxes) - np.eye(len(found))).max(initial=0) <= 0.3


def test_overlap_is_intersection_over_union() -> None:
    boxes = np.array([[0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6]], np.float32)
    np.testing.assert_allclose(overlap(boxes[:1], boxes), [[1, 1 / 3, 0]], atol=1e-6)


def test_a_mirrored_picture_takes_its_boxes_along(shapes: Path) -> None:
    annotations, source = split(shapes, "train")
    still = TRAINING.model_copy(update={"flip": 0.0, "jitter": 0.0})
    mirrored = still.model_copy(update={"flip": 1.0})
    plain = make_batch(annotations, source, [0], still, np.random.default_rng(0))
    turned = make_batch(annotations, source, [0], mirrored, np.random.default_rng(0))
    assert torch.equal(plain.pictures[0].flip(2), turned.pictures[0])
    before, after = plain.targets[0]["boxes"], turned.targets[0]["boxes"]
    assert torch.equal(after[:, [0, 2]], 64 - before[:, [2, 0]]) and torch.equal(after[:, 1], before[:, 1])
    assert plain.targets[0]["labels"].tolist() == [1, 2, 3]
    assert plain.attributes.sum(1).tolist() == [1, 1, 0]


def test_every_epoch_shows_every_picture_once() -> None:
    batches = batch_rows(7, 3, 0, 0)
    assert sorted(row for batch in batches for row in batch) == list(range(7))
    assert batches == batch_rows(7, 3, 0, 0) != batch_rows(7, 3, 0, 1)


def test_a_picture_of_another_size_than_annotated_is_an_error(shapes: Path) -> None:
    annotations, _ = split(shapes, "train")
    source = PictureSource(shapes / "images/train", [replace(annotations.images[0], width=65)])
    with pytest.raises(InputError, match=r"train-1.png: found 64 x 48 pixels, expected 65 x 48 as annotated"):
        source[0]


def test_a_detector_of_backend_none_finds_nothing(tmp_path: Path) -> None:
    save_no_detector(tmp_path)
    detector = load_detector(tmp_path)
    assert isinstance(detector, NoDetector)
    (found,) = detector.detect([np.zeros((4, 4, 3), np.uint8)])
    assert len(found) == 0 and found.features.shape == (0, 0)


def test_users_weights_are_adopted_with_their_class_names(tmp_path: Path) -> None:
    model = build(TINY)
    torch.save({"model": model.state_dict()}, tmp_path / "weights.pth")
    (tmp_path / "names.txt").write_text("Ball\nbox\n\nsky\n")
    card = replace(TINY, classes=("other", "number of classes"))
    architecture, adopted = adopt_pretrained(tmp_path / "weights.pth", card, tmp_path / "names.txt")
    assert architecture == replace(TINY, classes=("ball", "box", "sky"))
    assert all(torch.equal(value, adopted.state_dict()[name]) for name, value in model.state_dict().items())
    with pytest.raises(InputError, match=r"found 3 classes, expected 2 as annotated. Name them in detector.classes"):
        adopt_pretrained(tmp_path / "weights.pth", card, None)
    (tmp_path / "names.txt").write_text("ball\n")
    with pytest.raises(InputError, match=r"names.txt: found 1 names, expected 3"):
        adopt_pretrained(tmp_path / "weights.pth", card, tmp_path / "names.txt")


def test_weights_of_another_network_are_named(tmp_path: Path) -> None:
    model = build(TINY)
    wider = {name: value.contiguous() for name, value in build(replace(TINY, channels=24)).state_dict().items()}
    save_file(wider, tmp_path / "wider.safetensors")
    with pytest.raises(InputError, match=r"wider.safetensors: found backbone.stem.0.weight of shape \[6, 3, 3, 3\]"):
        load_weights(model, tmp_path / "wider.safetensors")
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(InputError, match=r"found no tensor 'backbone.body.0.weight'"):
        load_weights(model, tmp_path / "other.safetensors")


def test_a_pickle_that_runs_code_is_refused(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]

    torch.save({"x": Trap()}, tmp_path / "trap.pt")
    with pytest.raises(InputError, match=r"trap.pt: found unreadable weights"):
        read_state(tmp_path / "trap.pt")
    assert not (tmp_path / "sprung").exists()


def test_a_detector_is_described_without_its_weights(tmp_path: Path) -> None:
    save_detector(tmp_path, TINY, random_detector().model)
    (tmp_path / "model.safetensors").unlink()
    assert describe_detector(tmp_path) == DetectorDescription(TINY.classes, ("red", "blue"), 8)
    save_no_detector(tmp_path)
    assert describe_detector(tmp_path) == DetectorDescription()


def test_the_attribute_head_that_was_trained_speaks_of_every_box(shapes: Path) -> None:
    picture = split(shapes, "test")[1][0]
    detector = random_detector()
    sight = detector.look([picture])
    (found,) = sight.detections
    assert found.attribute_scores.shape == (len(found), 2)
    with torch.inference_mode():
        scores = detector.model.roi_heads.attribute_predictor(torch.from_numpy(found.features)).sigmoid()
    np.testing.assert_allclose(found.attribute_scores, scores.numpy(), atol=1e-5)
    assert found.head(1).attribute_scores.shape == (1, 2)
    plain = replace(TINY, attributes=())
    (silent,) = TorchvisionDetector(build(plain), plain.classes, DetectionLimits(0.2)).detect([picture])
    assert silent.attribute_scores.shape == (len(silent), 0)


def test_one_look_gives_features_of_any_boxes_of_every_picture(shapes: Path) -> None:
    _, source = split(shapes, "test")
    pictures, detector = [source[0], source[1]], random_detector()
    boxes = [np.array([[3, 4, 30, 40]], np.float32), np.zeros((0, 4), np.float32)]
    sight = detector.look(pictures)
    first, second = sight.box_features(boxes)
    assert first.shape == (1, 8) and second.shape == (0, 8)
    np.testing.assert_array_equal(detector.box_features(pictures, boxes)[0], first)
    assert len(sight.detections) == 2


def test_scales_vary_around_the_one_of_detection() -> None:
    model = build(TINY)
    vary_scale(model, TINY, 0.25)
    assert model.transform.min_size == (36, 39, 42, 45, 48, 51, 54, 57, 60) and model.transform.max_size == 80
    vary_scale(model, TINY, 0)
    assert model.transform.min_size == (48,) and model.transform.max_size == 64
