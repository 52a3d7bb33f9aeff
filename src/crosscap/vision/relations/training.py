"""Trains the attribute and predicate heads on a frozen detector's features of gold and of detected boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from crosscap.config.relations import RelationsTraining
from crosscap.errors import InputError
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.progress import progress
from crosscap.training.seed import seed_everything
from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations
from crosscap.vision.detectors.detection import Detector, overlap
from crosscap.vision.images import Picture
from crosscap.vision.relations.model import RelationModel, RelationNames, RelationSizes, all_pairs, pair_geometry


@dataclass(frozen=True)
class Example:
    """The objects of one picture, gold or detected, with what the heads shall say.

    Attributes:
        features: [N, D]; labels: [N] detector classes.
        attributes: [N, A] 1 where the object has the attribute; known: [N] whether its attributes are known.
        pairs: [R, 2]; geometry: [R, GEOMETRY].
        predicates: [R, P + 1] a distribution; several gold predicates of a pair share it, none is column 0.
    """

    features: NDArray[np.float32]
    labels: NDArray[np.int64]
    attributes: NDArray[np.float32]
    known: NDArray[np.bool_]
    pairs: NDArray[np.int64]
    geometry: NDArray[np.float32]
    predicates: NDArray[np.float32]


def make_examples(
    detector: Detector,
    annotations: Annotations,
    pictures: Callable[[int], Picture],
    match_iou: float,
    batch_size: int = 16,
) -> list[Example]:
    """Two examples a picture: its gold boxes, and what the detector sees of them.

    A detected box stands for the gold box that it overlaps most, if by ``match_iou`` and more; others have no
    relations and unknown attributes. Gold classes that the detector does not know are left out.
    """
    known = {name: row for row, name in enumerate(detector.classes)}
    rename = np.array([known.get(name, -1) for name in annotations.classes], dtype=np.int64)
    examples = []
    starts = range(0, len(annotations.images), batch_size)
    for start in progress(starts, "box features"):
        images = annotations.images[start : start + batch_size]
        batch = [pictures(row) for row in range(start, start + len(images))]
        sight = detector.look(batch)
        gold = sight.box_features([image.boxes for image in images])
        for image, features, found in zip(images, gold, sight.detections, strict=True):
            labels = rename[image.labels] if len(image.labels) else image.labels
            rows = np.where(labels >= 0, np.arange(len(labels)), -1)
            keep = labels >= 0
            owners = rows[keep]
            examples.append(_example(annotations, image, image.boxes[keep], labels[keep], features[keep], owners))
            if len(found):
                owners = _owners(found.boxes, image.boxes, match_iou)
                examples.append(_example(annotations, image, found.boxes, found.labels, found.features, owners))
    return [example for example in examples if len(example.labels)]


def _owners(boxes: NDArray[np.float32], gold: NDArray[np.float32], match_iou: float) -> NDArray[np.int64]:
    if not len(gold):
        return np.full(len(boxes), -1)
    table = overlap(boxes, gold)
    return np.where(table.max(1) >= match_iou, table.argmax(1), -1)


def _example(
    annotations: Annotations,
    image: AnnotatedImage,
    boxes: NDArray[np.float32],
    labels: NDArray[np.int64],
    features: NDArray[np.float32],
    owners: NDArray[np.int64],
) -> Example:
    attribute_rows = {name: row for row, name in enumerate(annotations.attributes)}
    predicate_rows = {name: row for row, name in enumerate(annotations.predicates, 1)}
    attributes = np.zeros((len(boxes), len(attribute_rows)), np.float32)
    for row, owner in enumerate(owners):
        if owner >= 0:
            attributes[row, [attribute_rows[name] for name in image.attributes[owner]]] = 1
    gold: dict[tuple[int, int], list[int]] = {}
    for subject, predicate, other in image.relations:
        gold.setdefault((subject, other), []).append(predicate_rows[predicate])
    pairs = all_pairs(len(boxes))
    predicates = np.zeros((len(pairs), len(predicate_rows) + 1), np.float32)
    for row, (subject, other) in enumerate(pairs.tolist()):
        columns = gold.get((int(owners[subject]), int(owners[other])), [0])
        predicates[row, columns] = 1 / len(columns)
    geometry = pair_geometry(boxes, pairs, image.width, image.height)
    return Example(features, labels, attributes, owners >= 0, pairs, geometry, predicates)


def frequency_prior(examples: Sequence[Example], classes: int, smoothing: float) -> Tensor:
    """Log probabilities [classes, classes, P + 1] of the predicates given both classes.

    Counts are smoothed by ``smoothing`` pairs that are distributed as all pairs are.
    """
    width = examples[0].predicates.shape[1]
    counts = np.zeros((classes, classes, width))
    for example in examples:
        subject, other = example.labels[example.pairs[:, 0]], example.labels[example.pairs[:, 1]]
        np.add.at(counts, (subject, other), example.predicates)
    overall = counts.sum((0, 1)) + 1
    counts += smoothing * overall / overall.sum()
    return torch.from_numpy(np.log(counts / counts.sum(-1, keepdims=True)).astype(np.float32))


def loss_of(model: RelationModel, examples: Sequence[Example]) -> Tensor:
    """Binary cross-entropy of the attributes, an object, plus cross-entropy of the predicates, a pair."""
    starts = np.cumsum([0, *(len(example.labels) for example in examples[:-1])])
    pairs = [example.pairs + start for example, start in zip(examples, starts, strict=True)]
    features, labels, attributes, known, geometry, predicates = (
        torch.from_numpy(np.concatenate([getattr(example, name) for example in examples]))
        for name in ("features", "labels", "attributes", "known", "geometry", "predicates")
    )
    total = features.sum() * 0
    if known.any() and attributes.shape[1]:
        logits = model.attributes(features[known], labels[known])
        loss = nn.functional.binary_cross_entropy_with_logits(logits, attributes[known], reduction="sum")
        total = total + loss / known.sum()
    if len(predicates):
        logits = model.predicates(features, labels, torch.from_numpy(np.concatenate(pairs)), geometry)
        # Most pairs are unrelated: normalise by the related ones, or the loss vanishes in the crowd.
        related = (1 - predicates[:, 0]).sum().clamp_min(1)
        total = total + nn.functional.cross_entropy(logits, predicates, reduction="sum") / related
    return total


def train_relations(
    examples: Sequence[Example],
    names: RelationNames,
    settings: RelationsTraining,
    directory: Path,
    after_epoch: Callable[[int], None] = lambda epoch: None,
) -> tuple[RelationModel, list[float]]:
    """Train from random weights, or from the checkpoint in ``directory``.

    Args:
        after_epoch: told the number of finished epochs, after a checkpoint was saved if one was due.

    Returns:
        The model, and the mean loss of each epoch.
    """
    if not examples:
        raise InputError(directory, "no objects", "annotated pictures to train on", "See docs/contracts.md.")
    seed_everything(settings.seed)
    sizes = RelationSizes(examples[0].features.shape[1], settings.hidden_size, settings.class_size, settings.dropout)
    model = RelationModel(names, sizes)
    features = torch.from_numpy(np.concatenate([example.features for example in examples]))
    model.feature_mean.copy_(features.mean(0))
    model.feature_scale.copy_(1 / features.std(0).clamp_min(1e-2))
    model.prior.copy_(frequency_prior(examples, len(names.classes), settings.prior_smoothing))
    optimizer = torch.optim.AdamW(model.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.epochs)
    checkpoint = Checkpoint(directory, model=model, optimizer=optimizer, schedule=schedule)
    begun, extra = checkpoint.restore()
    history: list[float] = extra.get("history", [])
    for epoch in progress(range(begun, settings.epochs), "train relations", settings.epochs, begun):
        order = np.random.default_rng((settings.seed, epoch)).permutation(len(examples))
        losses = []
        for start in range(0, len(order), settings.batch_images):
            loss = loss_of(model.train(), [examples[row] for row in order[start : start + settings.batch_images]])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            losses.append(float(loss.detach()))
        schedule.step()
        history.append(sum(losses) / len(losses))
        if (epoch + 1) % settings.checkpoint_epochs == 0:
            checkpoint.save(epoch + 1, history=history)
        after_epoch(epoch + 1)
    return model.eval(), history
