"""The stage program on untrained models: what it writes, and where there is nothing to score."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from crosscap.config.loader import read_yaml
from crosscap.evaluation.scene_graph_tasks import SETTINGS, SYSTEMS, TASKS, empty_scores
from crosscap.io.artifacts import read_json, write_json
from crosscap.vision.detectors.store import save_detector, save_no_detector
from crosscap.vision.detectors.torchvision_detector import Architecture, build
from crosscap.vision.relations.backends import build as build_relations
from crosscap.vision.relations.model import RelationNames
from crosscap.vision.relations.store import save_relations
from tests.evaluation.scene_graphs.test_tasks import architecture
from tests.vision.conftest import CLASSES, PREDICATES, write_shapes

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten small test pictures, an untrained detector and an untrained model on it."""
    write_shapes(tmp_path, {"test": 10})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["evaluate_relations.py"])
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    detection = {**read_yaml(ROOT / "params.yaml")["detection"], "max_objects": 4, "threads": 1}
    evaluation = {**read_yaml(ROOT / "params.yaml")["evaluation"], "bootstrap_samples": 100}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump({"detection": detection, "evaluation": evaluation}))
    for name in ("detector", "relations"):
        (tmp_path / "models" / name).mkdir(parents=True)
    torch.manual_seed(1)
    small = Architecture("torchvision_small", CLASSES, 48, 64, (8, 16, 32), 8, 3)
    save_detector(tmp_path / "models/detector", small, build(small))
    names = RelationNames(CLASSES, (), PREDICATES)
    save_relations(tmp_path / "models/relations", build_relations(names, architecture("motifs")))
    return tmp_path


def metrics() -> dict[str, Any]:
    threads = torch.get_num_threads()
    try:
        runpy.run_path(str(ROOT / "stages/evaluate_relations.py"), run_name="stage")["main"]()
    finally:
        torch.set_num_threads(threads)
    return read_json("reports/metrics/stages_relations.json")


def test_every_task_is_scored_for_the_model_and_its_frequencies_and_twice_alike(project: Path) -> None:
    scores = metrics()
    assert scores["missing"] == {} and scores["counts"] == {"pictures": 10, "unreadable": 0}
    for task in TASKS:
        for system in SYSTEMS:
            for setting in SETTINGS:
                recalls = scores[task][system][setting]
                assert recalls.keys() == empty_scores()[task][system][setting].keys()
                assert all(0 <= value <= 100 for value in recalls.values())
    # Three boxes have six pairs: among 20 triples all predicates of all of them.
    assert set(scores["PredCls"]["model"]["no_graph_constraint"].values()) == {100.0}
    assert metrics() == scores


def test_a_picture_that_cannot_be_read_is_counted_and_costs_its_own_recall(project: Path) -> None:
    (project / "data/raw/images/test/test-2.png").write_bytes(b"no picture")
    scores = metrics()
    assert scores["counts"] == {"pictures": 10, "unreadable": 1}
    assert scores["PredCls"]["model"]["no_graph_constraint"]["R@100"] == pytest.approx(90.0, abs=1e-4)


def test_without_annotated_relations_all_is_null_for_that_reason(project: Path) -> None:
    path = project / "data/raw/annotations/instances_test.json"
    write_json(path, {**read_json(path), "relations": []})
    assert metrics() == {**empty_scores(), "missing": {"relations": "no annotated relation in the test images"}}


def test_without_a_detector_all_is_null_for_that_reason(project: Path) -> None:
    save_no_detector(project / "models/detector")
    save_relations(project / "models/relations", None)
    assert metrics() == {**empty_scores(), "missing": {"relations": "no relation model"}}


def test_imported_features_give_no_features_of_gold_boxes(project: Path) -> None:
    card = project / "models/detector/crosscap.json"
    write_json(card, {**read_json(card), "backend": "imported"})
    assert "imported" in metrics()["missing"]["relations"]
