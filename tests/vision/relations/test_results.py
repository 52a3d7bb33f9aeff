from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from crosscap.errors import InputError
from crosscap.incremental.identity import Identity
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.store import load_detector, save_detector
from crosscap.vision.detectors.torchvision_detector import Architecture, build
from crosscap.vision.images import load_picture
from crosscap.vision.relations import backends
from crosscap.vision.relations.prediction import detected_regions, predict
from crosscap.vision.relations.results import SeenPicture, picture_predictor, predicting, predictions_of
from crosscap.vision.relations.store import load_relations, save_relations

from .conftest import NAMES, shape

EYES = Architecture(
    backend="torchvision_small",
    classes=NAMES.classes,
    attributes=(),
    short_side=48,
    long_side=64,
    anchors=(8, 16, 32),
    channels=16,
    feature_size=8,
)


@pytest.fixture
def detector(tmp_path: Path) -> Path:
    """Random weights: it sees something everywhere."""
    torch.manual_seed(0)
    (tmp_path / "detector").mkdir()
    save_detector(tmp_path / "detector", EYES, build(EYES))
    return tmp_path / "detector"


def relations(folder: Path, backend: str) -> Path:
    torch.manual_seed(1)
    path = folder / backend
    path.mkdir()
    save_relations(path, backends.build(NAMES, shape(backend, feature_size=8)))
    return path


def seen(detector: Path, path: Path) -> SeenPicture:
    eyes, picture = load_detector(detector, DetectionLimits(score_threshold=0.0, max_objects=5)), load_picture(path)
    return SeenPicture(path, eyes.detect([picture])[0], picture.shape[1], picture.shape[0])


def test_one_pass_and_two_give_the_same_bits(shapes: Path, detector: Path, tmp_path: Path) -> None:
    folder = relations(tmp_path, "motifs")
    picture = seen(detector, shapes / "images/test/test-1.png")
    (value,) = picture_predictor(detector, folder)([picture])
    model = load_relations(folder)
    assert model is not None
    sight = load_detector(detector).look([load_picture(picture.path)])
    regions = detected_regions(model, picture.found, 64, 48, lambda boxes: sight.box_features([boxes])[0])
    assert regions.unions.shape == (20, 8) and len(np.unique(regions.unions, axis=0)) == 10
    (expected,) = predict(model, [regions])
    for name, array in vars(expected).items():
        np.testing.assert_array_equal(getattr(predictions_of(value), name), array, err_msg=name)


def test_pictures_are_opened_only_for_features_of_pairs(shapes: Path, detector: Path, tmp_path: Path) -> None:
    picture = seen(detector, shapes / "images/test/test-1.png")
    gone = replace(picture, path=tmp_path / "gone.png")
    (value,) = picture_predictor(tmp_path, relations(tmp_path, "mlp"))([gone])
    assert predictions_of(value).predicates.shape == (20, 2)
    judge = picture_predictor(detector, relations(tmp_path, "motifs"))
    with pytest.raises(InputError, match=r"gone\.png: found no such file"):
        judge([gone])
    (value,) = judge([replace(gone, found=picture.found.head(1))])
    assert predictions_of(value).predicates.shape == (0, 2)


def test_results_are_kept_by_what_they_depend_on(shapes: Path, detector: Path) -> None:
    first, second = (seen(detector, shapes / f"images/test/test-{number}.png") for number in (1, 2))
    with_unions = predicting("", "", True, Identity()).digest_of
    without = predicting("", "", False, Identity()).digest_of
    moved = replace(first, path=second.path)
    assert with_unions(first) != with_unions(moved) and without(first) == without(moved)
    for other in (second, replace(first, found=first.found.head(4)), replace(first, width=65)):
        assert without(first) != without(other)
