"""The four stages, one after the other, on the world of shapes."""

from __future__ import annotations

import json
import logging
import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

from crosscap.config.detection import DetectionSettings
from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.errors import InputError
from crosscap.graph.tables import read_graphs
from crosscap.vision.images import load_picture
from crosscap.vision.pipeline import ImageGraphPredictor

ROOT = Path(__file__).parents[2]


def run_stage(name: str, *arguments: str) -> None:
    threads = torch.get_num_threads()
    try:
        sys.argv = [name, *arguments]
        runpy.run_path(str(ROOT / "stages" / f"{name}.py"), run_name="stage")["main"]()
    finally:
        torch.set_num_threads(threads)


def set_up(folder: Path, shapes: Path, **changes: Any) -> None:
    """The project's own parameters, small; ``changes`` by ``section__key``."""
    params = read_yaml(ROOT / "params.yaml")
    params["detector"].update(short_side=48, long_side=64, anchors=[8, 16, 32, 64], channels=16, feature_size=8)
    params["detector"]["train"].update(epochs=1, batch_size=4, threads=1)
    params["detection"].update(threads=1, score_threshold=0.1)
    params["relations"]["train"].update(epochs=1, threads=1)
    params["image_graphs"].update(object_threshold=0.2, attribute_threshold=0.1, relation_threshold=0.1)
    for name, value in changes.items():
        section, key = name.split("__")
        params[section][key] = value
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    shutil.copy(ROOT / "dvc.yaml", folder)
    shutil.copytree(shapes, folder / "data/raw")


def test_pictures_become_graphs_the_same_way_in_stages_and_in_one_call(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path, shapes)
    monkeypatch.chdir(tmp_path)
    Path("data/raw/images/test/test-2.png").write_bytes(b"no picture")
    for stage in ("train_detector", "detect_objects", "train_relations", "build_image_graphs"):
        run_stage(stage)
    index = json.loads(Path("data/detections/detections.json").read_text())
    assert [image["split"] for image in index["images"]] == ["train"] * 12 + ["val"] * 2 + ["test"] * 3
    assert index["images"][15]["rows"][0] == index["images"][15]["rows"][1]
    quarantined = json.loads(Path("data/detections/quarantine.json").read_text())
    assert quarantined == [{"file_name": "test-2.png", "split": "test", "reason": "data that is no picture"}]
    assert np.load("data/detections/features.npy").shape == (index["images"][-1]["rows"][1], 8)
    assert json.loads(Path("data/image_graphs/provenance.json").read_text())["kind"] == "predicted"

    params = read_yaml("params.yaml")
    predictor = ImageGraphPredictor.load(
        "models/detector",
        "models/relations",
        validate_section(DetectionSettings, "detection", params["detection"], "params.yaml"),
        validate_section(ImageGraphSettings, "image_graphs", params["image_graphs"], "params.yaml"),
    )
    staged = read_graphs("data/image_graphs/test.parquet")
    assert [graph.id for graph in staged] == ["1", "2", "3"] and staged[1].objects == ()
    (graph,) = predictor.graphs([load_picture("data/raw/images/test/test-3.png")], ["3"])
    assert graph.objects and (graph.objects, graph.attributes) == (staged[2].objects, staged[2].attributes)
    assert graph.boxes == staged[2].boxes


def test_detections_scattered_kept_or_made_at_once_are_the_same_bytes(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    set_up(tmp_path, shapes)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crosscap.vision.detectors.results.SHARD_SIZE", 1)
    caplog.set_level(logging.INFO)
    Path("data/raw/images/test/test-2.png").write_bytes(b"no picture")
    run_stage("train_detector")
    run_stage("detect_objects")
    once = {path.name: path.read_bytes() for path in Path("data/detections").iterdir()}
    assert len(once) == 7 and "17 records in 17 shards, 17 computed, 0 from the cache" in caplog.text
    for change in ("gathered", "kept", "renamed"):
        if change == "gathered":
            shutil.rmtree("work/cache")
            for number in range(3):
                run_stage("detect_objects", "--map", f"{number}/3")
        if change == "renamed":
            shutil.move("data/raw/images/test/test-1.png", "data/raw/images/test/moved.png")
            listed = Path("data/raw/annotations/instances_test.json")
            listed.write_text(listed.read_text().replace("test-1.png", "moved.png"))
        shutil.rmtree("data/detections")
        caplog.clear()
        run_stage("detect_objects")
        assert "17 records in 17 shards, 0 computed, 17 from the cache" in caplog.text
        made = {path.name: path.read_bytes() for path in Path("data/detections").iterdir()}
        assert {name for name in once if made[name] != once[name]} == (
            {"detections.json"} if change == "renamed" else set()
        )


def test_without_detector_imported_graphs_go_through(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path, shapes, detector__backend="none", image_graphs__backend="imported")
    monkeypatch.chdir(tmp_path)
    Path("data/raw/image_graphs/graphs_val.jsonl").write_text('{"id": 7, "objects": ["dog"]}\n')
    for stage in ("train_detector", "detect_objects", "train_relations", "build_image_graphs"):
        run_stage(stage)
    assert [graph.objects for graph in read_graphs("data/image_graphs/val.parquet")] == [("dog",)]
    assert read_graphs("data/image_graphs/train.parquet") == []
    assert np.load("data/detections/boxes.npy").shape == (0, 4)
    assert json.loads(Path("data/image_graphs/provenance.json").read_text())["label"].startswith("imported graphs")


def test_predicted_graphs_without_a_detector_are_an_error_that_leaves_nothing(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path, shapes, detector__backend="none")
    monkeypatch.chdir(tmp_path)
    for stage in ("train_detector", "detect_objects", "train_relations"):
        run_stage(stage)
    with pytest.raises(InputError, match=r"Choose a detector\.backend, or image_graphs\.backend imported"):
        run_stage("build_image_graphs")
    assert sorted(path.name for path in Path("data").iterdir()) == ["detections", "raw"]


def test_a_training_picture_that_is_no_picture_stops_the_stage_and_leaves_nothing(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path, shapes)
    monkeypatch.chdir(tmp_path)
    Path("data/raw/images/train/train-4.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"train-4\.png: found data that is no picture"):
        run_stage("train_detector")
    assert not Path("models").exists()
