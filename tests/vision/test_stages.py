"""The four stages, one after the other, on the world of shapes."""

from __future__ import annotations

import json
import logging
import runpy
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from crosscap.config.detection import DetectionSettings
from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.errors import InputError
from crosscap.graph.tables import read_graphs
from crosscap.vision.images import load_picture
from crosscap.vision.pipeline import ImageGraphPredictor
from tests.vision.hostile_pictures import write_readable, write_unreadable

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
    params["image_graphs"].update(object_threshold=0.2, attribute_threshold=0.1, relation_threshold=0.0)
    for name, value in changes.items():
        section, key = name.split("__")
        params[section][key] = value
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    shutil.copy(ROOT / "dvc.yaml", folder)
    shutil.copytree(shapes, folder / "data/raw")


def test_pictures_become_graphs_the_same_way_in_stages_scattered_and_in_one_call(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    set_up(tmp_path, shapes)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crosscap.vision.relations.results.SHARD_SIZE", 4)
    caplog.set_level(logging.INFO)
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
    assert graph.objects and graph.relations and graph == replace(staged[2], feature_rows=())

    once = {path.name: path.read_bytes() for path in Path("data/image_graphs").iterdir()}
    for path in ("work/cache/build_image_graphs", "data/image_graphs"):
        shutil.rmtree(path)
    for number in range(2):
        run_stage("build_image_graphs", "--map", f"{number}/2")
        assert not Path("data/image_graphs").exists()
    caplog.clear()
    run_stage("build_image_graphs")
    assert "17 records in 4 shards, 0 computed, 17 from the cache" in caplog.text
    assert {path.name: path.read_bytes() for path in Path("data/image_graphs").iterdir()} == once


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


def test_pictures_that_cannot_be_read_stop_a_training_only_when_they_are_many_and_leave_nothing_then(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path, shapes)
    monkeypatch.chdir(tmp_path)
    for number in (4, 7):
        Path(f"data/raw/images/train/train-{number}.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"2 of 12 pictures.*train-4\.png: found data that is no picture"):
        run_stage("train_detector")
    assert not Path("models").exists()


def test_a_hostile_folder_costs_no_batch_and_each_picture_left_out_has_its_reason(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(tmp_path, shapes)
    monkeypatch.chdir(tmp_path)
    train, test = Path("data/raw/images/train"), Path("data/raw/images/test")
    base = Image.open(train / "train-1.png")
    readable = write_readable(train, base)
    (train / "train-2.png").write_bytes(b"no picture")
    path = Path("data/raw/annotations/instances_train.json")
    content = json.loads(path.read_text())
    for number, name in enumerate(readable, 100):
        content["images"].append({"id": number, "file_name": name, "width": 64, "height": 48})
        box = {"id": number, "image_id": number, "category_id": 3, "bbox": [0, 30, 64, 18]}
        content["annotations"].append(box)
    path.write_text(json.dumps(content))
    readable, unreadable = write_readable(test, base), write_unreadable(test, base)
    path = Path("data/raw/annotations/instances_test.json")
    content = json.loads(path.read_text())
    for number, name in enumerate([*unreadable, *readable], 100):
        content["images"].append({"id": number, "file_name": name, "width": 9, "height": 9})
    path.write_text(json.dumps(content))
    run_stage("train_detector")
    run_stage("detect_objects")
    quarantined = json.loads(Path("data/detections/quarantine.json").read_text())
    reasons = {entry["file_name"]: entry["reason"] for entry in quarantined}
    assert reasons.pop("train-2.png") == "data that is no picture"
    assert sorted(reasons) == sorted(unreadable)
    assert all(reasons[name].startswith(reason) for name, reason in unreadable.items())
    index = json.loads(Path("data/detections/detections.json").read_text())["images"]
    images = {image["file_name"]: image for image in index if image["split"] == "test"}
    assert all((images[name]["width"], images[name]["height"]) == (64, 48) for name in readable)
    boxes = np.load("data/detections/boxes.npy")
    plain = boxes[slice(*images["test-1.png"]["rows"])]
    assert len(plain) and np.array_equal(
        boxes[slice(*images["alpha.png"]["rows"])], boxes[slice(*images["png-inside.jpg"]["rows"])]
    )
