"""Trains a relation model of any backend on a frozen detector's features of gold and of detected boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from crosscap.errors import InputError
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.device import best_device
from crosscap.training.epochs import Epochs
from crosscap.training.loop import LoopSettings, run_training
from crosscap.training.seed import seed_everything
from crosscap.training.update import Update, UpdateSettings
from crosscap.vision.relations.backends import build
from crosscap.vision.relations.batch import Batch
from crosscap.vision.relations.examples import Example, Examples
from crosscap.vision.relations.model import RelationModel, RelationNames


def epoch_examples(examples: Examples, rows: Sequence[int], epoch: int) -> list[Example]:
    """The examples of some pictures; the classes of gold boxes are told in every second epoch and asked for else.

    So one model learns PredCls, SGCls and SGDet, for which MOTIFS trains three.
    """
    chosen = []
    for row in rows:
        for example in examples[row]:
            if example.regions.given and (row + epoch) % 2:
                untold = replace(example.regions, trust=np.zeros_like(example.regions.trust), given=False)
                example = replace(example, regions=untold)
            chosen.append(example)
    return chosen


def loss_of(model: RelationModel, examples: Sequence[Example]) -> Tensor:
    """Cross-entropy of the classes and binary cross-entropy of the attributes, a box; of the predicates, a pair."""
    place = next(model.parameters()).device
    classes, attributes, known, predicates = (
        torch.from_numpy(np.concatenate([getattr(example, name) for example in examples])).to(place)
        for name in ("classes", "attributes", "known", "predicates")
    )
    batch = Batch.of([example.regions for example in examples], place)
    said = model(batch, classes)
    total = said.guess.sum() * 0
    if (classes >= 0).any():
        total = total + nn.functional.cross_entropy(said.guess, classes, ignore_index=-1)
    if said.classes is not None and not batch.given.all():
        asked = ~batch.given
        total = total + nn.functional.cross_entropy(said.classes[asked], classes[asked] + 1)
    if known.any() and attributes.shape[1]:
        loss = nn.functional.binary_cross_entropy_with_logits(
            said.attributes[known], attributes[known], reduction="sum"
        )
        total = total + loss / known.sum()
    if len(predicates):
        # Most pairs are unrelated: normalise by the related ones, or the loss vanishes in the crowd.
        related = (1 - predicates[:, 0]).sum().clamp_min(1)
        total = total + nn.functional.cross_entropy(said.predicates, predicates, reduction="sum") / related
    return total


def train_relations(examples: Examples, names: RelationNames, directory: Path) -> tuple[RelationModel, list[float]]:
    """Train from random weights, or from the checkpoint in ``directory``.

    Returns:
        The model on the CPU, and the mean loss of each epoch.

    Raises:
        InputError: there is nothing to learn from.
        TrainingDiverged: the loss is no finite number.
    """
    settings = examples.settings
    statistics = examples.survey()
    if statistics is None:
        raise InputError(directory, "no objects", "annotated pictures to train on", "See docs/contracts.md.")
    seed_everything(settings.seed)
    model = build(names, examples.architecture)
    model.adopt(statistics)
    model.to(best_device()).train()
    optimizer = torch.optim.AdamW(model.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.epochs)
    update = Update(model, optimizer, UpdateSettings("norm", 5.0))

    def batches_of(epoch: int) -> list[list[int]]:
        order = np.random.default_rng((settings.seed, epoch)).permutation(len(examples)).tolist()
        return [order[start : start + settings.batch_images] for start in range(0, len(order), settings.batch_images)]

    epochs = Epochs(batches_of)

    def train_step(step: int) -> dict[str, float]:
        epoch, position, rows = epochs.at(step)
        chosen = epoch_examples(examples, rows, epoch)
        told = update(chosen, lambda shard: {"loss": loss_of(model, shard)}) if chosen else {}
        if position + 1 == epochs.steps:
            schedule.step()
        return told

    history = run_training(
        "train relations",
        LoopSettings(
            settings.epochs * epochs.steps,
            validate_every=epochs.steps,
            save_every=settings.checkpoint_epochs * epochs.steps,
            epoch_steps=epochs.steps,
        ),
        train_step,
        Checkpoint(directory, model=model, optimizer=optimizer, schedule=schedule),
        examples=lambda step: [examples.annotations.images[row].file_name for row in epochs.at(step)[2]],
    )
    return model.cpu().eval(), [row["loss"] for row in history]
