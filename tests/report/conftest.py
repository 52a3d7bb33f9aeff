"""A finished run of two test images, small enough to read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from PIL import Image

from crosscap.ablation.intervals import ImageIntervals
from crosscap.ablation.results import filled
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.io.artifacts import write_json, write_text
from crosscap.io.tables import write_table
from crosscap.significance.resampling import Resampling
from crosscap.significance.scored_set import scored_set

CAPTIONS = {1: "一个 男人 骑 着 马", 2: "一只 狗"}


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    write_json(tmp_path / "data/image_graphs/provenance.json", {"kind": "predicted", "label": "graphs <predicted>"})
    graphs = [
        SceneGraph("1", ("man", "horse"), ((1, "white"),), ((0, "ride", 1),), ((8, 8, 40, 60), (4, 30, 60, 62))),
        SceneGraph("2"),
    ]
    write_graphs(tmp_path / "data/image_graphs/test.parquet", graphs)
    images = [{"id": id, "file_name": f"{id:06}.jpg"} for id in CAPTIONS]
    references = [{"id": id, "image_id": id, "caption": f"参考 {id}"} for id in CAPTIONS]
    write_json(tmp_path / "data/raw/captions/captions_test_zh.json", {"images": images, "annotations": references})
    (tmp_path / "data/raw/images/test").mkdir(parents=True)
    Image.new("RGB", (64, 64), (200, 90, 40)).save(tmp_path / "data/raw/images/test/000001.jpg")
    for name in ("with_phase2", "without_phase2"):
        results = [{"image_id": id, "caption": text, "score": -1.0} for id, text in CAPTIONS.items()]
        write_json(tmp_path / f"data/captions/zh/hgm/{name}.json", results)
    schema = pa.schema([("set", pa.string()), ("id", pa.string()), ("caption", pa.string()), ("CIDEr", pa.float64())])
    rows = [
        {"set": name, "id": str(id), "caption": text, "CIDEr": 100.0 * id}
        for name in ("with_phase2", "without_phase2")
        for id, text in CAPTIONS.items()
    ]
    write_table(tmp_path / "data/scores/zh_hgm.parquet", rows, schema)
    scores = {"BLEU-1": 61.25, "CIDEr": 142.0, "SPICE": None}
    metrics = {
        "captions": {"with_phase2": scores, "without_phase2": {**scores, "BLEU-1": 58.0}, "shuffled": {"CIDEr": 11.5}},
        "text": {"BLEU-1": 70.0},
        "counts": {"images": 2},
        "how": {"segmentation": "jieba"},
        "missing": {"SPICE": "its jars are not present"},
    }
    write_json(tmp_path / "reports/metrics/zh_hgm.json", metrics)
    stages = {"filter": {"precision": 98.0}, "detector": {"mAP@50": None}, "missing": {"detector": "no <gold>"}}
    write_json(tmp_path / "reports/metrics/stages_zh.json", stages)
    constituency = {"constituency_parser": {"zh": {"F1": 96.5}}}
    write_json(tmp_path / "reports/metrics/stages_constituency_zh.json", constituency)
    recalls = {f"{name}@{count}": 40.0 + count / 10 for name in ("R", "mR") for count in (20, 50, 100)}
    settings = {"graph_constraint": recalls, "no_graph_constraint": {**recalls, "mR@100": None}}
    systems = {"model": settings, "frequency_baseline": {**settings, "graph_constraint": {**recalls, "R@20": 31.25}}}
    relations = {**dict.fromkeys(("PredCls", "SGCls", "SGDet"), systems), "missing": {}}
    write_json(tmp_path / "reports/metrics/stages_relations.json", relations)
    sizes = {"graphs": 2, **{part: {"mean": 3.5} for part in ("objects", "attributes", "relations")}}
    shares = {"types": 4, "tokens": 40, "unknown_types": 25.0, "unknown_tokens": 12.5, "unknown_words": 2.5}
    names = {part: {**shares, "most_frequent": []} for part in ("objects", "attributes", "predicates")}
    names["objects"]["most_frequent"] = [["<zebra>", 5], ["okapi", 1]]
    empty = {"graphs": 0, **dict.fromkeys(("objects", "attributes", "relations"))}
    graphs = {"raw": sizes, "augmented": sizes, "images": empty, "image_names": names}
    write_json(tmp_path / "reports/metrics/stages_graphs_zh.json", graphs)
    rule = {"rule": "length", "dropped": 30, "left": 70, "examples": [{"id": "p", "source": "a <b>", "target": "丙"}]}
    write_json(tmp_path / "data/filtered/zh_funnel.json", {"pairs": 100, "kept": 70, "rules": [rule], "splits": {}})
    text = dict.fromkeys(("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR", "ROUGE-L"), 30.0)
    score = {"id": "1", "caption": "狗", "set": "text", "ROUGE-L": 30.0, "BLEU_statistics": None}
    sets = {("hgm", 1, "text"): scored_set("hgm/text", [score, {**score, "id": "2"}], "x")}
    tables = filled({"hgm": {1: {"text": text, "captions": {}}}}, ImageIntervals(sets, Resampling(100, 0.95, 1)))
    write_json(tmp_path / "reports/tables/zh.json", tables)
    interval = {"with_phase2": {"CIDEr": [130.5, 151.25]}}
    difference = {
        **{"first": "hgm/with_phase2", "second": "hgm/without_phase2", "metric": "CIDEr", "difference": 12.125},
        **{"low": 8.0, "high": 16.25, "p_bootstrap": 0.0, "p_randomisation": 0.0004, "images": 2},
    }
    chance = {**difference, "metric": "BLEU-1", "difference": 3.2, "low": -0.5, "high": 7.0, "p_randomisation": 0.081}
    significance = {
        "settings": {"samples": 1000, "confidence": 0.95, "seed": 1},
        "intervals": {"hgm": interval},
        "differences": [difference, chance],
    }
    write_json(tmp_path / "reports/significance/zh.json", significance)
    stages_run = [
        {"name": "collect", "upstream": [], "seconds": 12.5},
        {"name": "train_phase1@zh-hgm", "upstream": ["collect"], "seconds": 600.0},
        {"name": "train_phase1@zh-gen", "upstream": ["collect"], "seconds": 300.0},
        {"name": "evaluate@<zh>", "upstream": ["train_phase1@zh-hgm"], "seconds": None},
    ]
    write_json(tmp_path / "workflow/durations.json", {"cores": 2, "stages": stages_run})
    history = "step,xe_target,val_xe_target,kl\n10,3.5,3.6,\n20,2.5,2.75,0.5\n"
    for phase in (1, 2):
        write_text(tmp_path / f"models/phase{phase}/zh/hgm/history.csv", history)
    return tmp_path
