"""Mean average precision of a detector, by pycocotools."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping, Sequence
from typing import Any

from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.detectors.detection import Detections

COCO_OVERLAPS = tuple(percent / 100 for percent in range(50, 100, 5))
"""The overlaps that COCO's own AP is the mean of."""


def mean_average_precision(
    gold: Annotations,
    detections: Mapping[int, Detections],
    classes: tuple[str, ...],
    overlaps: Sequence[float] = (0.5,),
) -> float | None:
    """COCO's AP, averaged over overlaps and over the classes that occur in ``gold``, in [0, 1].

    Args:
        gold: the pictures of a split; all of them count.
        detections: image id → what was found, labels being rows of ``classes``; a picture that is not there: nothing.
        classes: the detector's names, matched with gold's by name.
        overlaps: lowest intersections over union of a hit.

    Returns:
        None when ``gold`` has no object.
    """
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    truths = [
        _annotation(image.id, int(label) + 1, box)
        for image in gold.images
        for box, label in zip(image.boxes.tolist(), image.labels, strict=True)
    ]
    category = {name: number for number, name in enumerate(gold.classes, 1)}
    known = {image.id for image in gold.images}
    found = [
        {**_annotation(image, category[classes[label]], box), "score": float(score)}
        for image, part in detections.items()
        if image in known
        for box, label, score in zip(part.boxes.tolist(), part.labels, part.scores, strict=True)
        if classes[label] in category
    ]
    if not truths:
        return None
    if not found:
        return 0.0
    with contextlib.redirect_stdout(io.StringIO()):  # pycocotools prints its progress
        evaluator = COCOeval(_coco(COCO, gold, category, truths), _coco(COCO, gold, category, found), "bbox")
        evaluator.params.iouThrs = list(overlaps)
        evaluator.evaluate()
        evaluator.accumulate()
    # precision: overlap × recall step × class × area range (0: all) × detections a picture (-1: the most, 100)
    precision = evaluator.eval["precision"][..., 0, -1]
    occurring = precision[..., (precision > -1).all((0, 1))]
    return float(occurring.mean())


def _annotation(image: int, category: int, box: list[float]) -> dict[str, Any]:
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    area = width * height
    return {"image_id": image, "category_id": category, "bbox": [x0, y0, width, height], "area": area, "iscrowd": 0}


def _coco(kind: Any, gold: Annotations, category: Mapping[str, int], annotations: list[dict[str, Any]]) -> Any:
    dataset = kind()
    dataset.dataset = {
        "images": [{"id": image.id} for image in gold.images],
        "categories": [{"id": number, "name": name} for name, number in category.items()],
        "annotations": [{"id": number, **entry} for number, entry in enumerate(annotations, 1)],
    }
    dataset.createIndex()
    return dataset
