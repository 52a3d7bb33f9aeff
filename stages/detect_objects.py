"""Stage detect_objects: every picture of every split -> boxes, classes, scores and features.

In:  data/raw/images/{train,val,test}/*.jpg, the image lists of data/raw/annotations, models/detector
Out: data/detections/detections.json {"images": [{"id": 7, "split": "val", …, "rows": [12, 19]}], "classes": […]}
     data/detections/{boxes,labels,scores,features}.npy, one row a detection, best first in each picture
     data/detections/quarantine.json pictures that could not be read, with the reason; they have no rows

What was found in a picture is kept in work/cache. With --map only a part of the pictures is looked at and nothing but
the cache is written; the command without it gathers.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any

from crosscap.config.detection import DetectionSettings
from crosscap.config.loader import load_section
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import results, run_task
from crosscap.incremental.shards import Task
from crosscap.runs.stage import run, use_threads
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import SPLITS, read_annotations
from crosscap.vision.detectors.detection import Detections, nothing
from crosscap.vision.detectors.limits import detection_limits
from crosscap.vision.detectors.results import detecting, detections_of
from crosscap.vision.detectors.store import describe_detector
from crosscap.vision.detectors.table import write_detections

RAW, MODEL, OUT = Path("data/raw"), Path("models/detector"), Path("data/detections")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--map", type=Task.parse, metavar="I/N", help="do part I (from 0) of N, into the cache only")
    task = parser.parse_args().map
    settings = load_section("detect_objects", "detection", DetectionSettings)
    use_threads(settings.threads)
    classes, feature_size = describe_detector(MODEL)
    images = list_images()
    paths = [RAW / "images" / image["split"] / image["file_name"] for image in images] if classes else []
    work = detecting(MODEL, detection_limits(settings), stage_identity("detect_objects", [MODEL]))
    if task is not None:
        run_task(paths, work, task)
        return
    found: list[Detections] = [nothing(feature_size)] * len(images)
    quarantine: list[dict[str, Any]] = []
    for number, value in enumerate(progress(results(paths, work), "detect objects", len(paths))):
        image, outcome = images[number], detections_of(value)
        if isinstance(outcome, str):
            logging.warning("left out: %s: found %s", paths[number], outcome)
            quarantine.append({"file_name": image["file_name"], "split": image["split"], "reason": outcome})
        else:
            found[number], image["height"], image["width"] = outcome
    write_detections(OUT, images, found, classes, feature_size, quarantine)


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
