"""A smoke run on 30 real photographs: does the path hold, from the reader over both trainings to the metrics?

Trained for seconds at 64 pixels and scored on the photographs it was trained on: the figures say nothing of quality.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from crosscap.config.loader import read_yaml, validate_section
from crosscap.config.relations import RelationsSettings
from crosscap.evaluation.detection import mean_average_precision
from crosscap.evaluation.scene_graph_tasks import TASKS, relation_guesses, relation_scores
from crosscap.vision.annotations.vrd import read_vrd
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.torchvision_detector import Architecture, TorchvisionDetector
from crosscap.vision.detectors.training import train_detector
from crosscap.vision.picture_source import readable_pictures
from crosscap.vision.relations.backends import architecture
from crosscap.vision.relations.examples import Examples
from crosscap.vision.relations.model import RelationNames
from crosscap.vision.relations.training import train_relations
from tests.vision.test_detector import TRAINING as DETECTOR_TRAINING

ROOT = Path(__file__).parents[3]
REALDATA = Path(os.environ.get("CROSSCAP_REALDATA", ROOT.parent / "shared/data"))
pytestmark = pytest.mark.realdata


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def settings() -> RelationsSettings:
    values: dict[str, Any] = read_yaml(ROOT / "params.yaml")["relations"]
    values |= {"backend": "motifs", "hidden_size": 16, "class_size": 8, "union_features": True}
    values["train"] |= {"epochs": 2, "batch_images": 8, "pairs_per_image": 32, "score_threshold": 0.0, "threads": 1}
    return validate_section(RelationsSettings, "relations", values, "params.yaml")


def test_vrds_photographs_go_from_the_reader_over_training_to_the_metrics(
    settings: RelationsSettings, tmp_path: Path
) -> None:
    folder = REALDATA / "vrd_sample"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent (set CROSSCAP_REALDATA to the folder of the real data)")
    files = [folder / f"{name}.json" for name in ("annotations", "objects", "predicates")]
    annotations, source = readable_pictures(folder / "images", read_vrd(*files, folder / "images"))
    assert len(annotations.images) == 30

    small = Architecture("torchvision_small", annotations.classes, 48, 64, (8, 16, 32), 16, 16)
    once = DETECTOR_TRAINING.model_copy(update={"epochs": 1, "batch_size": 6})
    network, losses = train_detector(small, annotations, source, once, tmp_path / "detector")
    assert losses[0] > 0
    detector = TorchvisionDetector(network, annotations.classes, DetectionLimits(0.0, max_objects=8))
    found = {image.id: detector.detect([source[row]])[0] for row, image in enumerate(annotations.images)}
    precision = mean_average_precision(annotations, found, detector.classes)
    assert precision is not None and 0 <= precision < 1

    names = RelationNames(annotations.classes, annotations.attributes, annotations.predicates)
    shape = architecture(settings, detector.feature_size)
    examples = Examples(detector, annotations, source.__getitem__, settings.train, shape)
    model, _ = train_relations(examples, names, tmp_path / "relations")
    scores = relation_scores(*relation_guesses(detector, model, annotations, source.__getitem__))
    assert scores.keys() == set(TASKS)
    leaves = [value for task in scores.values() for system in task.values() for setting in system.values()
              for value in setting.values()]  # fmt: skip
    assert len(leaves) == 72 and all(value is not None and 0 <= value <= 100 for value in leaves)
    # Frequencies of these very photographs: most of their relations are among the first 100.
    recall = scores["PredCls"]["frequency_baseline"]["no_graph_constraint"]["R@100"]
    assert recall is not None and recall > 50
