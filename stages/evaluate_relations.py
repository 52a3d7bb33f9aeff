"""Stage evaluate_relations: annotated test pictures, a detector and a relation model -> PredCls, SGCls and SGDet.

In:  data/raw/images/test, data/raw/annotations/instances_test.json, models/detector, models/relations
Out: reports/metrics/stages_relations.json, times 100, beside what the training frequencies alone reach:
     {"SGDet": {"model": {"graph_constraint": {"R@20": 55.1, …, "mR@100": 61.0}, "no_graph_constraint": {…}},
     "frequency_baseline": {…}}, …}; null where nothing is annotated or there is no detector, with the reason under
     "missing"
     reports/significance/stages_relations.json: {"settings": …, "intervals": the same keys, [low, high]} over pictures
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crosscap.config.detection import DetectionSettings
from crosscap.config.loader import load_section
from crosscap.evaluation.scene_graph_tasks import empty_scores, relation_guesses, relation_intervals, relation_scores
from crosscap.io.artifacts import write_json
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.significance.stage_intervals import content, plan_of
from crosscap.vision.annotations.annotated_images import Annotations, read_annotations
from crosscap.vision.detectors.limits import detection_limits
from crosscap.vision.detectors.store import load_detector
from crosscap.vision.images import Picture
from crosscap.vision.imported_features.stand_in import is_stand_in
from crosscap.vision.picture_source import readable_pictures
from crosscap.vision.relations.model import RelationModel
from crosscap.vision.relations.store import check_classes, load_relations

ANNOTATIONS, IMAGES = Path("data/raw/annotations/instances_test.json"), Path("data/raw/images/test")
DETECTOR, RELATIONS, OUT = Path("models/detector"), Path("models/relations"), "reports/metrics/stages_relations.json"
INTERVALS = "reports/significance/stages_relations.json"


def main() -> None:
    stage_arguments(__doc__)
    settings = load_section("evaluate_relations", "detection", DetectionSettings)
    plan = plan_of("evaluate_relations")
    use_threads(settings.threads)
    gold, model = read_annotations(ANNOTATIONS), load_relations(RELATIONS)
    reason = why_not(gold, model)
    metrics: dict[str, Any] = {**empty_scores(), "missing": {"relations": reason} if reason else {}}
    chance: dict[str, Any] = {}
    if model is not None and not reason:
        detector = load_detector(DETECTOR, detection_limits(settings))
        check_classes(model, detector.classes, RELATIONS, detector.feature_size)
        readable, source = readable_pictures(IMAGES, gold)
        rows = {image.id: row for row, image in enumerate(readable.images)}

        def picture(row: int) -> Picture | None:
            found = rows.get(gold.images[row].id)
            return None if found is None else source[found]

        truths, guesses = relation_guesses(detector, model, gold, picture)
        metrics |= relation_scores(truths, guesses)
        chance = relation_intervals(truths, guesses, plan)
        metrics["counts"] = {"pictures": len(gold.images), "unreadable": len(gold.images) - len(readable.images)}
    write_json(OUT, metrics)
    write_json(INTERVALS, content(chance, plan))


def why_not(gold: Annotations, model: RelationModel | None) -> str:
    """Why there is nothing to score, if so."""
    if model is None:
        return "no relation model"
    if is_stand_in(DETECTOR):
        return "the features of the pictures are imported: gold boxes have none"
    if not any(image.relations for image in gold.images):
        return "no annotated relation in the test images"
    return ""


if __name__ == "__main__":
    run(main)
