"""Stage detect_objects: every picture of every split -> boxes, classes, scores, attribute scores, features.

In:  data/raw/images/{train,val,test}/*.jpg, the image lists of data/raw/annotations, models/detector
Out: data/detections/detections.json {"images": [{"id": 7, "split": "val", …, "rows": [12, 19]}], "classes": […], …}
     data/detections/{boxes,labels,scores,features,attribute_scores}.npy, a row a detection, best first in a picture
     data/detections/quarantine.json pictures that could not be read, with the reason; they have no rows

With `detector.backend: imported` the files of data/raw/image_features.json are read instead, and
     data/detections/imported.json  {"read": 5000, "kept": 4990, "quarantined": 8, "unknown": 2, …}

What was found in a picture is kept in work/cache. With --map only a part of the pictures is looked at and nothing but
the cache is written; the command without it gathers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crosscap.config.detection import DetectionSettings
from crosscap.config.loader import load_section
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import Work, results, run_task
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import SPLITS, read_annotations
from crosscap.vision.detectors.detection import Detections, nothing
from crosscap.vision.detectors.limits import detection_limits
from crosscap.vision.detectors.results import detecting, detections_of
from crosscap.vision.detectors.store import describe_detector
from crosscap.vision.detectors.table import write_detections
from crosscap.vision.imported_features.importing import FeatureImport
from crosscap.vision.imported_features.pictures import wanted_pictures
from crosscap.vision.imported_features.source import check_unchanged, read_source
from crosscap.vision.imported_features.stand_in import is_stand_in

RAW, MODEL, OUT = Path("data/raw"), Path("models/detector"), Path("data/detections")


def main() -> None:
    task = stage_arguments(__doc__, "map").map
    settings = load_section("detect_objects", "detection", DetectionSettings)
    use_threads(settings.threads)
    detector = describe_detector(MODEL)
    images = list_images()
    if is_stand_in(MODEL):
        if task is None:
            import_detections(images)
        return
    paths = [RAW / "images" / image["split"] / image["file_name"] for image in images]
    work = detecting(MODEL, detection_limits(settings), stage_identity("detect_objects", [MODEL]))
    if task is not None:
        run_task(paths if detector.classes else [], work, task)
        return
    found = outcomes(images, paths, work) if detector.classes else ((image, nothing()) for image in images)
    write_detections(OUT, found, detector.classes, detector.attributes, detector.feature_size)


def outcomes(
    images: list[dict[str, Any]], paths: list[Path], work: Work[Path]
) -> Iterator[tuple[dict[str, Any], Detections | str]]:
    """Each picture with what was found in it, or with the reason why it could not be read."""
    values = progress(results(paths, work), "detect objects", len(paths))
    for image, path, value in zip(images, paths, values, strict=True):
        outcome = detections_of(value)
        if isinstance(outcome, str):
            logging.warning("left out: %s: found %s", path, outcome)
            yield image, outcome
        else:
            found, height, width = outcome
            yield {**image, "height": height, "width": width}, found


def import_detections(images: list[dict[str, Any]]) -> None:
    """Write the features that others computed."""
    source = read_source(RAW / "image_features.json")
    check_unchanged(source)
    features = FeatureImport(source, wanted_pictures(images, source))
    write_detections(OUT, features, source.classes, source.attributes, features.feature_size, features.as_json)


def list_images() -> list[dict[str, Any]]:
    """``id, split, file_name, width, height`` of every annotated picture."""
    images = []
    for split in SPLITS:
        for image in read_annotations(RAW / f"annotations/instances_{split}.json").images:
            size = {"width": image.width, "height": image.height}
            images.append({"id": image.id, "split": split, "file_name": image.file_name, **size})
    return images


if __name__ == "__main__":
    run(main)
