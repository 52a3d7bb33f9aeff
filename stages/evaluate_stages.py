"""Score every stage on its own against gold.

In: ``data/raw/gold``, ``data/raw/annotations`` and ``data/gold_image_graphs``, and what the stages made.
Out: ``reports/metrics/stages_T.json``: ``{"filter": {"precision": 99.1, …}, "detector": {"mAP@50": 71.3}, …}``, times
100; null where there is no gold (a user's own files) or nothing to score (imported graphs), with the reason under
``missing``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from crosscap.evaluation.detection import COCO_OVERLAPS, mean_average_precision
from crosscap.evaluation.image_graphs import attribute_scores
from crosscap.evaluation.stage_scores import Values, filter_scores, percent, tuple_scores
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import read_json, write_json
from crosscap.io.tables import read_table
from crosscap.runs.stage import run
from crosscap.vision.annotations.annotated_images import read_annotations
from crosscap.vision.detectors.table import DetectionTable, read_detections

ANNOTATIONS = Path("data/raw/annotations")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", required=True)
    target = parser.parse_args().target
    metrics: dict[str, Any] = {**text_scores(target), **model_scores(target), **image_scores()}
    write_json(f"reports/metrics/stages_{target}.json", {**metrics, "missing": missing(metrics)})


def text_scores(target: str) -> dict[str, Values]:
    kept = {row["id"] for row in read_table(f"data/filtered/{target}.parquet", ["id"])}
    gold = read_graphs(f"data/raw/gold/sentence_graphs_{target}.parquet")
    folder = Path("data/sentence_graphs")
    return {
        "filter": filter_scores(read_table(f"data/raw/gold/filter_{target}.parquet", ("id", "keep")), kept),
        "sentence_graphs": tuple_scores(gold, read_graphs(folder / f"{target}.parquet"), kept),
        "sentence_graphs_raw": tuple_scores(gold, read_graphs(folder / f"{target}_raw.parquet"), kept),
    }


def model_scores(target: str) -> dict[str, Values]:
    """What models scored on treebanks and word lists that they were not trained on."""
    dependency = read_json("models/dependency_parser/crosscap.json")
    words = read_json(f"models/aligned_vectors/{target}/scores.json")
    precision = words.get("precision_at_1", {}).get(words.get("backend"), {})
    return {
        "dependency_parser": {"LAS": _times_100(dependency.get("las")), "UAS": _times_100(dependency.get("uas"))},
        "word_translation": {
            "precision@1": _times_100(precision.get("nearest")),
            "precision@1_csls": _times_100(precision.get("csls")),
        },
    }


def image_scores() -> dict[str, Values]:
    table = read_detections("data/detections")
    graphs = {graph.id: graph for graph in read_graphs("data/image_graphs/test.parquet")}
    gold_graphs = read_graphs("data/gold_image_graphs/test.parquet")
    predicted = read_json("data/image_graphs/provenance.json")["kind"] == "predicted"
    nothing: Values = {"precision": None, "recall": None, "F1": None}
    return {
        "detector": {**average_precisions(table, "test", ""), **average_precisions(table, "val", " of val")},
        "attributes": attribute_scores(gold_graphs, graphs) if predicted else nothing,
    }


def average_precisions(table: DetectionTable, split: str, suffix: str) -> Values:
    """``mAP@50`` and COCO's ``mAP``, over overlaps of 0.50 to 0.95. Settings are chosen by those of val."""
    scores: dict[str, float | None] = {"mAP@50": None, "mAP": None}
    if table.classes:
        gold = read_annotations(ANNOTATIONS / f"instances_{split}.json")
        found = {image.id: image.detections for image in table.images if image.split == split}
        scores["mAP@50"] = mean_average_precision(gold, found, table.classes)
        scores["mAP"] = mean_average_precision(gold, found, table.classes, COCO_OVERLAPS)
    return {name + suffix: _times_100(value) for name, value in scores.items()}


def missing(metrics: dict[str, Values]) -> dict[str, str]:
    """Why a whole group is null."""
    provenance = read_json("data/image_graphs/provenance.json")
    imported = f"the image graphs were not predicted: {provenance['label']}"
    reasons = {
        "detector": "no detector or no annotated test image",
        "attributes": "no annotated attribute in the test images" if provenance["kind"] == "predicted" else imported,
        "dependency_parser": "no development treebank",
        "word_translation": "no word of the list's test part has a vector",
    }
    empty = (name for name, values in metrics.items() if all(value is None for value in values.values()))
    return {name: reasons.get(name, "no gold for these files") for name in empty}


def _times_100(value: float | None) -> float | None:
    return None if value is None else percent(value, 1)


if __name__ == "__main__":
    run(main)
