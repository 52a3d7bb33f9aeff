"""Trains a relation model of any backend on a frozen detector's features of gold and of detected boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from crosscap.errors import InputError
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.device import best_device
from crosscap.training.progress import progress
from crosscap.training.seed import seed_everything
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


def train_relations(
    examples: Examples,
    names: RelationNames,
    directory: Path,
    after_epoch: Callable[[int], None] = lambda epoch: None,
) -> tuple[RelationModel, list[float]]:
    """Train from random weights, or from the checkpoint in ``directory``.

    Args:
        after_epoch: told the number of finished epochs, after a checkpoint was saved if one was due.

    Returns:
        The model on the CPU, and the mean loss of each epoch.

    Raises:
        InputError: there is nothing to learn from, or the loss is no finite number.
    """
    settings = examples.settings
    statistics = examples.survey()
    if statistics is None:
        raise InputError(directory, "no objects", "annotated pictures to train on", "See docs/contracts.md.")
    seed_everything(settings.seed)
    model = build(names, examples.architecture)
    model.adopt(statistics)
    model.to(best_device())
    optimizer = torch.optim.AdamW(model.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.epochs)
    checkpoint = Checkpoint(directory, model=model, optimizer=optimizer, schedule=schedule)
    begun, extra = checkpoint.restore()
    history: list[float] = extra.get("history", [])
    for epoch in progress(range(begun, settings.epochs), "train relations", settings.epochs, begun):
        order = np.random.default_rng((settings.seed, epoch)).permutation(len(examples)).tolist()
        losses = []
        for start in range(0, len(order), settings.batch_images):
            chosen = epoch_examples(examples, order[start : start + settings.batch_images], epoch)
            if chosen:
                losses.append(train_step(model.train(), optimizer, chosen))
        schedule.step()
        history.append(sum(losses) / len(losses))
        if not np.isfinite(history[-1]):
            found = f"a loss of {history[-1]} in epoch {epoch + 1}"
            raise InputError(directory, found, "a finite loss", "Lower the learning rate.")
        if (epoch + 1) % settings.checkpoint_epochs == 0:
            checkpoint.save(epoch + 1, history=history)
        after_epoch(epoch + 1)
    return model.cpu().eval(), history


def train_step(model: RelationModel, optimizer: torch.optim.Optimizer, examples: Sequence[Example]) -> float:
    """One update; returns the loss before it."""
    loss = loss_of(model, examples)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    return float(loss.detach())
