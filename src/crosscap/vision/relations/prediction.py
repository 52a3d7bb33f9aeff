"""From boxes to objects, attributes and predicates: one interface for every relation model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from crosscap.vision.detectors.detection import Detections
from crosscap.vision.relations.batch import Batch
from crosscap.vision.relations.model import RelationModel
from crosscap.vision.relations.regions import Pool, Regions, all_pairs, make_regions, overlapping


@dataclass(frozen=True)
class Predictions:
    """What a model says about one picture of N boxes.

    Attributes:
        labels: [N] classes, the ones that came in or better ones.
        scores: [N] how sure they are, in [0, 1].
        attributes: [N, A] probabilities; all but an object's `Architecture.max_attributes` best are 0.
        pairs: [R, 2] ordered pairs (subject row, object row).
        predicates: [R, P] probabilities; a row sums to 1 less that of "no relation".
    """

    labels: NDArray[np.int64]
    scores: NDArray[np.float32]
    attributes: NDArray[np.float32]
    pairs: NDArray[np.int64]
    predicates: NDArray[np.float32]


def detected_regions(
    model: RelationModel, found: Detections, width: int, height: int, pool: Pool | None = None
) -> Regions:
    """What ``model`` reads of detections in a picture of ``width`` x ``height`` pixels (SGDet).

    Args:
        pool: features of boxes of the same picture; needed where `Architecture.reads_unions`.
    """
    pairs = all_pairs(len(found))
    if model.architecture.overlapping_pairs:
        pairs = pairs[overlapping(found.boxes, pairs)]
    given = not model.architecture.relabel_detections
    return make_regions(
        found.boxes, found.labels, found.scores, given, found.features, pairs, width, height, _pool(model, pool)
    )


def given_regions(
    model: RelationModel,
    boxes: NDArray[np.float32],
    labels: NDArray[np.int64] | None,
    features: NDArray[np.float32],
    width: int,
    height: int,
    pool: Pool | None = None,
) -> Regions:
    """What ``model`` reads of gold boxes, with their classes (PredCls) or, ``labels`` None, without (SGCls)."""
    given = labels is not None
    stated = labels if labels is not None else np.zeros(len(boxes), np.int64)
    trust, pairs = np.full(len(boxes), given, np.float32), all_pairs(len(boxes))
    return make_regions(boxes, stated, trust, given, features, pairs, width, height, _pool(model, pool))


def _pool(model: RelationModel, pool: Pool | None) -> Pool | None:
    if model.architecture.reads_unions and pool is None:
        raise ValueError("this model reads features of unions, and no pool was given")
    return pool if model.architecture.reads_unions else None


@torch.inference_mode()
def predict(model: RelationModel, regions: Sequence[Regions]) -> list[Predictions]:
    """Judge pictures together; what is said of one does not depend on the others but for rounding."""
    if not sum(map(len, regions)):
        return [_nothing(model) for _ in regions]
    batch = Batch.of(regions, next(model.parameters()).device)
    said = model(batch)
    labels, scores = said.labels.cpu().numpy(), said.scores.cpu().numpy()
    attributes = _best(said.attributes.sigmoid(), model.architecture.max_attributes).cpu().numpy()
    predicates = said.predicates.softmax(1)[:, 1:].cpu().numpy()
    boxes = np.cumsum([len(one) for one in regions])[:-1]
    rows = np.cumsum([len(one.pairs) for one in regions])[:-1]
    return [
        Predictions(some_labels, some_scores, some_attributes, one.pairs, some_predicates)
        for some_labels, some_scores, some_attributes, one, some_predicates in zip(
            np.split(labels, boxes),
            np.split(scores, boxes),
            np.split(attributes, boxes),
            regions,
            np.split(predicates, rows),
            strict=True,
        )
    ]


def _best(values: torch.Tensor, count: int) -> torch.Tensor:
    if values.shape[1] <= count:
        return values
    rows = values.argsort(dim=1, descending=True, stable=True)[:, :count]
    return torch.zeros_like(values).scatter(1, rows, values.gather(1, rows))


def _nothing(model: RelationModel) -> Predictions:
    names = model.names
    return Predictions(
        np.zeros(0, np.int64),
        np.zeros(0, np.float32),
        np.zeros((0, len(names.attributes)), np.float32),
        np.zeros((0, 2), np.int64),
        np.zeros((0, len(names.predicates)), np.float32),
    )
