"""Phase 1: the cross-lingual auto-encoder is trained on sentence graphs and their sentences in both languages."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from crosscap.config.phase1 import Phase1Settings
from crosscap.config.section import Section
from crosscap.systems.unison.examples import Example
from crosscap.systems.unison.model import Side, Unison
from crosscap.systems.unison.nodes import NodeTable
from crosscap.systems.unison.objective import (
    BOTH,
    Objective,
    batch_losses,
    counts_of,
    frequency_loss,
    validation_losses,
)
from crosscap.systems.unison.run_name import RunName
from crosscap.systems.unison.scheduled_sampling import sampling_share
from crosscap.systems.unison.selection import METRICS, better, require_captions, sentence_score
from crosscap.training import distributed
from crosscap.training.best import BestWeights
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.device import best_device
from crosscap.training.epochs import Epochs, shuffled
from crosscap.training.loop import LoopSettings, Row, run_training
from crosscap.training.schedule import Schedule
from crosscap.training.seed import seed_everything
from crosscap.training.update import Update, UpdateSettings
from crosscap.vectors.lookup import AlignedVectors

LOG = logging.getLogger(__name__)
BLIND = 0.9
"""Share of the loss by word frequencies above which a decoder has learned nothing: any working one falls to half."""
UNSHAPING = {"variants", "checkpoint_every"}
"""Parameters that change no result: how often a run saves, and which runs there are."""


def shaping_settings(settings: Phase1Settings) -> dict[str, Any]:
    """What shapes the result, for the fingerprint of a run."""
    values = ((name, getattr(settings, name)) for name in sorted(set(Phase1Settings.model_fields) - UNSHAPING))
    return {name: value.model_dump() if isinstance(value, Section) else value for name, value in values}


@dataclass(frozen=True)
class Part:
    """One of the trainings that phase 1 consists of, with its own optimizer and best weights.

    Attributes:
        name: of its checkpoint's folder; empty where phase 1 has this part alone.
        epochs: its length.
        xe_epochs: the first of them, with L_XE alone; L_KL comes in after.
        sides: languages that it trains.
        learning_rate: of Adam.
        first_epoch: epochs of the data's order that earlier parts had.
    """

    name: str
    epochs: int
    xe_epochs: int
    sides: tuple[Side, ...]
    learning_rate: float
    first_epoch: int = 0


def parts(settings: Phase1Settings, run: RunName | None = None) -> list[Part]:
    """The trainings of phase 1, in order.

    ``joint``: both languages side by side all along. ``separate``: each language alone with L_XE, then both from the
    best weights of each (the released code).
    """
    xe, joint, rate = settings.xe_epochs, settings.joint_epochs, settings.learning_rate
    # Without L_KL as long as with it, so that nothing else differs (the paper's table 4).
    no_kl = run is not None and run.no_kl
    if settings.initialisation == "joint":
        return [Part("", xe + joint, xe + joint if no_kl else xe, BOTH, rate)]
    alone = [Part(side, xe, xe, (side,), rate) for side in BOTH]
    return [*alone, Part("both", joint, joint if no_kl else 0, BOTH, rate, xe)]


def train(
    model: Unison,
    vectors: AlignedVectors,
    data: Sequence[Example],
    validation: Sequence[Example],
    settings: Phase1Settings,
    directory: str | Path,
    name: str = "phase 1",
    run: RunName | None = None,
) -> list[Row]:
    """Train ``model`` with L_XE for ``xe_epochs``, then with L_XE + L_KL for ``joint_epochs``.

    Leaves the weights that did best on ``validation`` (after any epoch, by ``selection.by``) in the model of rank 0.

    Args:
        directory: folder of the checkpoints; a run that was killed continues from them.
        run: what differs from ``settings``: another seed, no L_KL.

    Returns:
        The history, one row an epoch.
    """
    seed = run.seed_or(settings.seed) if run else settings.seed
    history: list[Row] = []
    for part in parts(settings, run):
        if part.epochs:
            title, folder = f"{name} {part.name}".rstrip(), Path(directory) / part.name
            rows = train_part(model, vectors, data, validation, part, settings, folder, title, seed)
            before = history[-1]["step"] if history else 0
            history += [{**row, "step": row["step"] + before} for row in rows]
    model.eval().cpu()
    return history


def train_part(
    model: Unison,
    vectors: AlignedVectors,
    data: Sequence[Example],
    validation: Sequence[Example],
    part: Part,
    settings: Phase1Settings,
    directory: str | Path,
    name: str,
    seed: int,
) -> list[Row]:
    """One training; leaves its best weights in the model of rank 0. Parameters that want no gradient stay."""
    device = best_device()
    model.to(device)
    table = model.node_table([example.graph for example in (*data, *validation)], vectors).to(device)
    batches_of = shuffled(len(data), settings.batch_size, seed)
    epochs = Epochs(lambda epoch: batches_of(part.first_epoch + epoch))
    per_epoch = epochs.steps
    loop = LoopSettings(
        part.epochs * per_epoch,
        validate_every=per_epoch,
        save_every=settings.checkpoint_every,
        epoch_steps=per_epoch,
        best_by=settings.selection.by if settings.selection.by in METRICS else f"val_xe_{part.sides[-1]}",
        patience=settings.selection.patience,
    )
    judged = validation[: settings.selection.pairs or None]
    require_captions(loop.best_by, len(judged))
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=part.learning_rate, fused=True)
    decay = settings.learning_rate_decay
    schedule = Schedule(
        "step" if decay.every else "constant",
        warmup=settings.warmup_steps,
        every=decay.every * per_epoch,
        factor=decay.factor,
    )
    scheduler = schedule.of(optimizer)
    update = Update(model, optimizer, update_settings(settings), scheduler)
    best = BestWeights(model, better(loop.best_by))
    seed_everything(seed)

    def batch(step: int) -> list[Example]:
        return [data[number] for number in epochs.at(step)[2]]

    def objective(step: int) -> Objective:
        epoch = epochs.at(step)[0]
        sampling = settings.scheduled_sampling
        share = sampling_share(part.first_epoch + epoch, sampling.increase, sampling.every, sampling.most)
        return Objective(epoch >= part.xe_epochs, part.sides, share)

    def validate(step: int) -> dict[str, float]:
        scores = validation_losses(model, table, validation, settings.batch_size, objective(step))
        epoch = step // per_epoch
        if loop.best_by in METRICS and (epoch % settings.selection.every == 0 or epoch == part.epochs):
            scores[loop.best_by] = sentence_score(
                loop.best_by, model, part.sides[-1], table, judged, settings.max_words, settings.batch_size
            )
        return scores

    history = run_training(
        name,
        loop,
        lambda step: train_step(update, model, table, batch(step), objective(step)),
        Checkpoint(directory, model=model, optimizer=optimizer, scheduler=scheduler, best=best),
        validate,
        best=best,
        examples=lambda step: [example.graph.id for example in batch(step)],
    )
    best.restore()
    if history and distributed.rank() == 0:
        warn_of_blind_sides(name, part, history, data, validation)
    return history


def warn_of_blind_sides(
    name: str, part: Part, history: Sequence[Row], data: Sequence[Example], validation: Sequence[Example]
) -> None:
    """Say which language's decoder learned no more than word frequencies.

    Its activations have grown until every gate of the LSTM is fully open or shut, and no gradient passes any more;
    losses stay finite, so nothing else would tell.
    """
    for side in part.sides:
        reached = min(row[f"val_xe_{side}"] for row in history)
        blind = frequency_loss(data, validation, side)
        if reached > BLIND * blind:
            LOG.warning(
                "%s: the %s decoder reached a loss of %.3f; word frequencies alone give %.3f. Its gates are probably "
                "saturated. Set phase1.warmup_steps to 100, or a lower phase1.learning_rate, or another seed.",
                name, side, reached, blind,
            )  # fmt: skip


def update_settings(settings: Phase1Settings) -> UpdateSettings:
    """How gradients are computed and limited, from the parameters of the section."""
    clamp = settings.gradient_clamp
    return UpdateSettings("value" if clamp else "none", clamp, settings.precision, settings.accumulate)


def train_step(
    update: Update, model: Unison, table: NodeTable, batch: Sequence[Example], objective: Objective
) -> dict[str, float]:
    """One update on ``batch``; returns its losses."""
    model.train()
    counts = counts_of(batch)
    return update(batch, lambda shard: batch_losses(model, table, shard, objective, counts))
