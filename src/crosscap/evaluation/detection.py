"""Mean average precision of a detector, by pycocotools."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosscap.evaluation.average_precision import ClassMatches
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
    """COCO's AP, averaged over overlaps and over the classes that occur in ``gold``, in [0, 1]; see `Evaluated`.

    None when ``gold`` has no object.
    """
    evaluated = evaluate_detections(gold, detections, classes, overlaps)
    return None if evaluated is None else evaluated.precision(overlaps)


@dataclass(frozen=True)
class Evaluated:
    """Detections against annotations.

    Attributes:
        overlaps: [T] lowest intersections over union of a hit.
        precisions: [T, R, K] COCO's precision at each recall of each class; -1 for classes that do not occur.
        matches: of each class that occurs.
        pictures: how many there are.
    """

    overlaps: tuple[float, ...]
    precisions: NDArray[np.float64]
    matches: tuple[ClassMatches, ...]
    pictures: int

    def precision(self, overlaps: Sequence[float]) -> float:
        """COCO's AP, averaged over ``overlaps`` and over the classes that occur, in [0, 1]."""
        chosen = self.precisions[[self.overlaps.index(each) for each in overlaps]]
        return float(chosen[..., (chosen > -1).all((0, 1))].mean())


def evaluate_detections(
    gold: Annotations,
    detections: Mapping[int, Detections],
    classes: tuple[str, ...],
    overlaps: Sequence[float] = COCO_OVERLAPS,
) -> Evaluated | None:
    """Match and rank by pycocotools.

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
    with contextlib.redirect_stdout(io.StringIO()):  # pycocotools prints its progress
        evaluator = COCOeval(_coco(COCO, gold, category, truths), _coco(COCO, gold, category, found), "bbox")
        evaluator.params.iouThrs = list(overlaps)
        evaluator.params.areaRng, evaluator.params.areaRngLbl = evaluator.params.areaRng[:1], ["all"]
        evaluator.evaluate()
        evaluator.accumulate()
    # precision: overlap × recall step × class × area range (0: all) × detections a picture (-1: the most, 100)
    precisions = evaluator.eval["precision"][..., 0, -1]
    return Evaluated(tuple(overlaps), precisions, tuple(_matches(evaluator, len(overlaps))), len(gold.images))


def _matches(evaluator: Any, overlaps: int) -> Iterator[ClassMatches]:
    """From pycocotools' list of classes by pictures; an entry is None where a picture has nothing of a class."""
    pictures = len(evaluator.params.imgIds)
    for start in range(0, len(evaluator.evalImgs), pictures):
        parts = [(row, part) for row, part in enumerate(evaluator.evalImgs[start : start + pictures]) if part]
        wanted = np.zeros(pictures, np.int64)
        for row, part in parts:
            wanted[row] = len(part["gtIds"])
        if wanted.any():
            scores = np.concatenate([part["dtScores"] for _, part in parts])
            order = np.argsort(-scores, kind="stable")
            rows = np.repeat([row for row, _ in parts], [len(part["dtScores"]) for _, part in parts])
            hits = np.concatenate([np.reshape(part["dtMatches"], (overlaps, -1)) > 0 for _, part in parts], 1)
            yield ClassMatches(rows[order], hits[:, order], wanted)


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
