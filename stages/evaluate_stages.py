"""Score every stage on its own against gold.

In: ``data/raw/gold``, ``data/raw/annotations`` and ``data/gold_image_graphs``, and what the stages made.
Out: ``reports/metrics/stages_T.json``: ``{"filter": {"precision": 99.1, …}, "detector": {"mAP@50": 71.3}, …}``, times
100; null where there is no gold (a user's own files) or nothing to score (imported graphs), with the reason under
``missing``; and ``reports/significance/stages_T.json``: ``{"settings": …, "intervals": {"filter": {"precision": [98.8,
99.4], …}, …}}`` over pairs, sentences, words and pictures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from crosscap.evaluation.average_precision import mean_average_precisions
from crosscap.evaluation.detection import COCO_OVERLAPS, evaluate_detections
from crosscap.evaluation.image_graphs import attribute_rows
from crosscap.evaluation.stage_scores import (
    Row,
    Values,
    extraction_scores,
    filter_rows,
    filter_scores,
    percent,
    tuple_rows,
)
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import read_json, write_json
from crosscap.io.tables import read_table
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run
from crosscap.significance.resampling import Resampling, image_weights
from crosscap.significance.stage_intervals import (
    Bounds,
    Counts,
    bounds,
    content,
    extraction,
    intervals,
    plan_of,
    trials,
)
from crosscap.vision.annotations.annotated_images import read_annotations
from crosscap.vision.detectors.table import DetectionTable, read_detections

ANNOTATIONS = Path("data/raw/annotations")


Scored = tuple[Values, dict[str, Bounds]]
"""The scores of a group, and the intervals of those that can have one."""


def main() -> None:
    target = stage_arguments(__doc__, "target").target
    plan = plan_of("evaluate_stages")
    groups = {**text_scores(target, plan), **model_scores(target, plan), **image_scores(plan)}
    metrics: dict[str, Any] = {name: values for name, (values, _) in groups.items()}
    found = {name: chance for name, (_, chance) in groups.items() if chance}
    write_json(f"reports/metrics/stages_{target}.json", {**metrics, "missing": missing(metrics)})
    write_json(f"reports/significance/stages_{target}.json", content(found, plan))


def text_scores(target: str, plan: Resampling) -> dict[str, Scored]:
    kept = {row["id"] for row in read_table(f"data/filtered/{target}.parquet", ["id"])}
    gold = read_graphs(f"data/raw/gold/sentence_graphs_{target}.parquet")
    pairs = filter_rows(read_table(f"data/raw/gold/filter_{target}.parquet", ("id", "keep")), kept)
    passed, noise = extraction(row[:3] for row in pairs), Counts.of(pairs, noise_found=(3, 4))
    folder = Path("data/sentence_graphs")
    return {
        "filter": (
            filter_scores(pairs),
            intervals(passed, plan) | intervals(noise, plan),
        ),
        "sentence_graphs": extracted(tuple_rows(gold, read_graphs(folder / f"{target}.parquet"), kept), plan),
        "sentence_graphs_raw": extracted(tuple_rows(gold, read_graphs(folder / f"{target}_raw.parquet"), kept), plan),
    }


def extracted(rows: list[Row], plan: Resampling) -> Scored:
    return extraction_scores(rows), intervals(extraction(rows), plan)


def model_scores(target: str, plan: Resampling) -> dict[str, Scored]:
    """What models scored on treebanks and word lists that they were not trained on."""
    dependency = read_json("models/dependency_parser/crosscap.json")
    words = read_json(f"models/aligned_vectors/{target}/scores.json")
    precision = words.get("precision_at_1", {}).get(words.get("backend"), {})
    shares = {"precision@1": precision.get("nearest"), "precision@1_csls": precision.get("csls")}
    chance: dict[str, Bounds] = {}
    for name, value in shares.items():
        if value is not None and (count := words.get("test_words")):
            chance |= intervals(trials(name, round(value * count), count), plan)
    return {
        "dependency_parser": ({"LAS": _times_100(dependency.get("las")), "UAS": _times_100(dependency.get("uas"))}, {}),
        "word_translation": ({name: _times_100(value) for name, value in shares.items()}, chance),
    }


def image_scores(plan: Resampling) -> dict[str, Scored]:
    table = read_detections("data/detections")
    graphs = {graph.id: graph for graph in read_graphs("data/image_graphs/test.parquet")}
    gold_graphs = read_graphs("data/gold_image_graphs/test.parquet")
    predicted = read_json("data/image_graphs/provenance.json")["kind"] == "predicted"
    test, val = (average_precisions(table, *part, plan) for part in (("test", ""), ("val", " of val")))
    return {
        "detector": (test[0] | val[0], test[1] | val[1]),
        "attributes": extracted(attribute_rows(gold_graphs, graphs) if predicted else [], plan),
    }


def average_precisions(table: DetectionTable, split: str, suffix: str, plan: Resampling) -> Scored:
    """``mAP@50`` and COCO's ``mAP``, over overlaps of 0.50 to 0.95. Settings are chosen by those of val."""
    names = {f"mAP@50{suffix}": COCO_OVERLAPS[:1], f"mAP{suffix}": COCO_OVERLAPS}
    evaluated = None
    if table.classes:
        gold = read_annotations(ANNOTATIONS / f"instances_{split}.json")
        found = {image.id: image.detections for image in table.images if image.split == split}
        evaluated = evaluate_detections(gold, found, table.classes)
    if evaluated is None:
        return dict.fromkeys(names), {}
    scores = {name: _times_100(evaluated.precision(overlaps)) for name, overlaps in names.items()}
    if evaluated.pictures < 2:
        return scores, {}
    weights = image_weights(evaluated.pictures, plan)
    drawn = 100 * np.concatenate([mean_average_precisions(evaluated.matches, part) for part in weights])
    return scores, bounds({name: drawn[:, : len(overlaps)].mean(1) for name, overlaps in names.items()}, plan)


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
