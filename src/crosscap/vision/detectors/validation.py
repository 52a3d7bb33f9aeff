"""How well a trained detector finds what is annotated."""

from __future__ import annotations

import logging

from crosscap.errors import InputError
from crosscap.evaluation.detection import COCO_OVERLAPS, mean_average_precision
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.detectors.detection import Detections, Detector
from crosscap.vision.picture_source import PictureSource

logger = logging.getLogger(__name__)


def average_precisions(detector: Detector, gold: Annotations, source: PictureSource) -> dict[str, float | None]:
    """``mAP@50`` and ``mAP`` (COCO's, over overlaps of 0.50 to 0.95) of a split, in [0, 1]; None without objects.

    In a picture that cannot be read nothing is found, as in stage detect_objects.
    """
    found: dict[int, Detections] = {}
    for row, image in enumerate(progress(gold.images, "validate detector")):
        try:
            (found[image.id],) = detector.detect([source[row]])  # one at a time, as the stage does
        except InputError as error:
            logger.warning("left out: %s", error)
    scores = {
        "mAP@50": mean_average_precision(gold, found, detector.classes),
        "mAP": mean_average_precision(gold, found, detector.classes, COCO_OVERLAPS),
    }
    return {name: None if score is None else round(score, 4) for name, score in scores.items()}
