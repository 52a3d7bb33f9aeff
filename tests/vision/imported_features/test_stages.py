"""From files of features to data/detections, by the stages."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from crosscap.config.loader import read_yaml
from crosscap.errors import InputError
from crosscap.graph.tables import read_graphs
from crosscap.vision.annotations.annotated_images import read_annotations
from crosscap.vision.detectors.store import describe_detector, load_detector
from crosscap.vision.detectors.table import read_detections
from crosscap.vision.imported_features.source import FeatureSource, describe_file, write_source
from tests.vision.imported_features import replicas as r
from tests.vision.test_stages import run_stage, set_up

PICTURES = r.seen(7)


@pytest.fixture
def project(shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three test pictures of 64 x 48 pixels, in `shapes`, and no others."""
    set_up(tmp_path, shapes, detector__backend="imported", image_graphs__backend="imported")
    monkeypatch.chdir(tmp_path)
    for split, pictures in (("train", PICTURES[:0]), ("val", PICTURES[:2]), ("test", PICTURES[2:5])):
        images = [
            {"id": p.id, "file_name": f"{p.id}.jpg", "width": r.WIDTH, "height": r.HEIGHT, "scene": ""}
            for p in pictures
        ]
        Path(f"data/raw/annotations/instances_{split}.json").write_text(json.dumps({"images": images}))
    return tmp_path


def bring(path: Path, **changes) -> None:
    write_source("data/raw/image_features.json", FeatureSource("tsv", (describe_file(str(path)),), **changes))


def test_features_become_detections_without_a_detector(project):
    rows = [r.lxmert_row(p) for p in PICTURES[4::-1]] + [r.lxmert_row(PICTURES[6]), ["cut"]]
    listed = {"test": [{"id": PICTURES[5].id, "file_name": "far.jpg"}]}
    bring(
        r.write_tsv(project / "a.tsv", rows), classes=r.CLASSES, attributes=r.ATTRIBUTES, max_missing=0.2, images=listed
    )
    run_stage("train_detector")
    assert describe_detector("models/detector").classes == r.CLASSES
    assert describe_detector("models/detector").feature_size == r.D
    run_stage("detect_objects", "--map", "0/2")
    assert not Path("data/detections").exists()
    run_stage("detect_objects")
    table = read_detections("data/detections")
    assert (table.classes, table.attributes) == (r.CLASSES, r.ATTRIBUTES)
    by_id = {image.id: image for image in table.images}
    assert [by_id[p.id].split for p in PICTURES[:6]] == ["val"] * 2 + ["test"] * 4
    for picture in PICTURES[:5]:
        assert np.array_equal(by_id[picture.id].detections.features, picture.features)
        assert np.array_equal(by_id[picture.id].detections.labels, picture.labels)
    assert len(by_id[PICTURES[5].id].detections) == 0
    missing = {"file_name": "far.jpg", "split": "test", "reason": "no features: no record is of this picture"}
    assert json.loads(Path("data/detections/quarantine.json").read_text()) == [missing]
    report = json.loads(Path("data/detections/imported.json").read_text())
    counts = [report[name] for name in ("pictures", "read", "kept", "quarantined", "unknown", "missing")]
    assert counts == [6, 7, 5, 1, 1, 1] and report["reasons"] == {"another number of columns": 1}
    assert report["first_unknown"][0]["key"].endswith(str(PICTURES[6].id))
    once = {path.name: path.read_bytes() for path in Path("data/detections").iterdir()}
    run_stage("detect_objects")
    assert {path.name: path.read_bytes() for path in Path("data/detections").iterdir()} == once


def test_too_many_missing_leave_nothing(project):
    bring(r.write_tsv(project / "a.tsv", [r.butd_row(p) for p in PICTURES[:4]]), max_missing=0.1)
    run_stage("train_detector")
    with pytest.raises(
        InputError, match=r"no features of 1 of 5 pictures, first 391899\.jpg: none of 4 records is of it"
    ):
        run_stage("detect_objects")
    assert [path.name for path in Path("data").iterdir()] == ["raw"]


def test_a_file_that_changed_since_it_was_collected_is_refused(project):
    path = r.write_tsv(project / "a.tsv", [r.butd_row(p) for p in PICTURES])
    bring(path)
    run_stage("train_detector")
    r.write_tsv(path, [r.butd_row(p) for p in PICTURES[::-1]])
    with pytest.raises(InputError, match=r"a\.tsv: found a file that has changed .* Run `dvc repro collect` first"):
        run_stage("detect_objects")


def test_features_that_were_not_given_are_missed_by_the_first_stage(project):
    write_source("data/raw/image_features.json", FeatureSource())
    with pytest.raises(InputError, match=r"key collect\.files\.image_features: found null, expected image features"):
        run_stage("train_detector")


def test_there_is_no_detector_to_caption_other_pictures_with(project):
    bring(r.write_tsv(project / "a.tsv", [r.butd_row(p) for p in PICTURES]))
    run_stage("train_detector")
    with pytest.raises(InputError, match=r"found imported features, expected a detector"):
        load_detector("models/detector")


def test_features_without_names_give_no_graphs_but_pass_where_graphs_are_imported(project):
    bring(r.write_tsv(project / "a.tsv", [r.butd_row(p) for p in PICTURES]))
    Path("data/raw/image_graphs/graphs_val.jsonl").write_text('{"id": 7, "objects": ["dog"]}\n')
    for stage in ("train_detector", "detect_objects", "train_relations", "build_image_graphs"):
        run_stage(stage)
    assert (np.load("data/detections/labels.npy") == -1).all()
    params = read_yaml("params.yaml")
    params["image_graphs"]["backend"] = "predicted"
    Path("params.yaml").write_text(yaml.safe_dump(params))
    with pytest.raises(
        InputError, match=r"no relation model.* Imported features need collect\.files\.image_features\.cl"
    ):
        run_stage("build_image_graphs")


def test_relations_learn_from_imported_boxes_and_graphs_are_predicted(
    shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = {"relations__backend": "mlp", "relations__union_features": False}
    set_up(tmp_path, shapes, detector__backend="imported", **changes)
    monkeypatch.chdir(tmp_path)
    params = read_yaml("params.yaml")
    params["relations"]["train"].update(epochs=15, learning_rate=0.01, memory_mb=10)
    params["image_graphs"].update(attribute_threshold=0.5, relation_threshold=0.5)
    Path("params.yaml").write_text(yaml.safe_dump(params))
    random, rows, expected = np.random.default_rng(2), [], {}
    for split in ("train", "val", "test"):
        annotations = read_annotations(f"data/raw/annotations/instances_{split}.json")
        for image in annotations.images:
            colours = np.array([[name in given for name in annotations.attributes] for given in image.attributes])
            features = np.concatenate([colours, np.eye(3)[image.labels]], 1) + random.normal(0, 0.05, (3, 5))
            scores = np.eye(3, dtype=np.float32)[image.labels] * np.float32(0.9)
            seen = r.Seen(image.id, image.boxes, features.astype(np.float32), scores, np.zeros((3, 1), np.float32))
            rows.append([image.file_name.removesuffix(".png"), *r.lxmert_row(seen)[1:]])
            expected[split, str(image.id)] = image.attributes
    bring(r.write_tsv(tmp_path / "a.tsv", rows), classes=("ball", "box", "ground"))
    for stage in ("train_detector", "detect_objects", "train_relations", "build_image_graphs"):
        run_stage(stage)
    for graph in read_graphs("data/image_graphs/test.parquet"):
        assert graph.objects == ("ball", "box", "ground")
        said = [tuple(name for owner, name in graph.attributes if owner == row) for row in range(3)]
        assert said == list(expected["test", graph.id])
        assert set(graph.relations) == {(0, "next to", 1), (0, "on", 2), (1, "on", 2)}


def test_relations_that_need_a_detector_are_not_trained(project, caplog):
    caplog.set_level("INFO")
    bring(r.write_tsv(project / "a.tsv", [r.lxmert_row(p) for p in PICTURES]), classes=r.CLASSES)
    annotated = json.loads(Path("data/raw/annotations/instances_val.json").read_text())
    annotated["categories"] = [{"id": 1, "name": "dog"}]
    annotated["annotations"] = [{"id": 1, "image_id": PICTURES[0].id, "category_id": 1, "bbox": [0, 0, 9, 9]}]
    Path("data/raw/annotations/instances_train.json").write_text(json.dumps(annotated))
    Path("data/raw/annotations/instances_val.json").write_text('{"images": []}')
    for stage in ("train_detector", "detect_objects", "train_relations"):
        run_stage(stage)
    assert "no relation model: relations.union_features needs a detector" in caplog.text
    assert json.loads(Path("models/relations/crosscap.json").read_text())["backend"] == "none"
