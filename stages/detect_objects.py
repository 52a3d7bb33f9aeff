"""Stage detect_objects: every picture of every split -> boxes, classes, scores and features.

In:  data/raw/images/{train,val,test}/*.jpg, the image lists of data/raw/annotations, models/detector
Out: data/detections/detections.json {"images": [{"id": 7, "split": "val", …, "rows": [12, 19]}], "classes": […]}
     data/detections/{boxes,labels,scores,features}.npy, one row a detection, best first in each picture
     data/detections/quarantine.json pictures that could not be read, with the reason; they have no rows
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from crosscap.config.detection import DetectionSettings
from crosscap.config.loader import load_section
from crosscap.errors import InputError
from crosscap.stage import run, use_threads
from crosscap.training.progress import progress
from crosscap.vision.annotations import SPLITS, read_annotations
from crosscap.vision.detection import Detections, nothing
from crosscap.vision.detection_limits import detection_limits
from crosscap.vision.detection_table import write_detections
from crosscap.vision.detector_store import load_detector
from crosscap.vision.images import load_or_quarantine

RAW, MODEL, OUT = Path("data/raw"), Path("models/detector"), Path("data/detections")


def main() -> None:
    settings = load_section("detect_objects", "detection", DetectionSettings)
    use_threads(settings.threads)
    detector = load_detector(MODEL, detection_limits(settings))
    images: list[dict[str, Any]] = []
    for split in SPLITS:
        for image in read_annotations(RAW / f"annotations/instances_{split}.json").images:
            size = {"width": image.width, "height": image.height}
            images.append({"id": image.id, "split": split, "file_name": image.file_name, **size})
    found: list[Detections] = [nothing(detector.feature_size)] * len(images)
    quarantine: list[dict[str, Any]] = []
    paths = [RAW / "images" / image["split"] / image["file_name"] for image in images]
    by_path = dict(zip(paths, images, strict=True))

    def report(path: Path, error: InputError) -> None:
        logging.warning("left out: %s", error)
        image = by_path[path]
        quarantine.append({"file_name": image["file_name"], "split": image["split"], "reason": error.found})

    count = len(paths) if detector.classes else 0
    for start in progress(range(0, count, settings.batch_size), "detect objects"):
        readable = load_or_quarantine(paths[start : start + settings.batch_size], report)
        batch = detector.detect([picture for _, picture in readable])
        for (position, picture), detections in zip(readable, batch, strict=True):
            found[start + position] = detections
            images[start + position].update(height=picture.shape[0], width=picture.shape[1])
    write_detections(OUT, images, found, detector.classes, detector.feature_size, quarantine)


if __name__ == "__main__":
    run(main)
