"""Phase 1: the cross-lingual auto-encoder is trained on sentence graphs and their sentences in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from crosscap.config.phase1 import Phase1Settings
from crosscap.config.section import Section
from crosscap.systems.unison.examples import Example
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.nodes import NodeTable
from crosscap.systems.unison.run_name import RunName
from crosscap.text.vocabulary import PAD
from crosscap.training.best import BestWeights
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.device import best_device
from crosscap.training.loop import Row, run_training
from crosscap.training.seed import seed_everything
from crosscap.vectors.lookup import AlignedVectors


def shaping_settings(settings: Phase1Settings) -> dict[str, Any]:
    """What shapes the result, for the fingerprint of a run; not how often it saves nor which variants there are."""
    kept = sorted(set(Phase1Settings.model_fields) - {"variants", "checkpoint_every"})
    values = ((name, getattr(settings, name)) for name in kept)
    return {name: value.model_dump() if isinstance(value, Section) else value for name, value in values}


def train_step(
    model: Unison,
    optimizer: torch.optim.Optimizer,
    table: NodeTable,
    batch: Sequence[Example],
    joint: bool,
    clamp: float,
) -> dict[str, float]:
    """One update on ``batch``; returns the losses.

    Args:
        joint: L_XE + L_KL instead of L_XE alone.
        clamp: each element of the gradient is limited to +-clamp; 0 leaves it.
    """
    model.train()
    losses = batch_losses(model, table, batch, joint)
    optimizer.zero_grad()
    torch.stack(list(losses.values())).sum().backward()
    if clamp:
        nn.utils.clip_grad_value_(model.parameters(), clamp)
    optimizer.step()
    return {name: loss.item() for name, loss in losses.items()}


def batch_losses(model: Unison, table: NodeTable, batch: Sequence[Example], joint: bool) -> dict[str, Tensor]:
    graphs = table.pack([example.graph for example in batch])
    source, target = (_padded(sentences, table.source.device) for sentences in zip(
        *((example.source, example.target) for example in batch), strict=True))  # fmt: skip
    return model.losses(table, graphs, source, target, joint)


def _padded(sentences: Sequence[Sequence[int]], device: torch.device) -> Tensor:
    rows = [torch.tensor(sentence) for sentence in sentences]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD).to(device)


@torch.no_grad()
def validation_losses(
    model: Unison, table: NodeTable, data: Sequence[Example], batch_size: int, joint: bool
) -> dict[str, float]:
    """Mean losses over ``data`` in eval mode, each batch weighted by its number of pairs; names start ``val_``."""
    model.eval()
    total: Counter[str] = Counter()
    for start in range(0, len(data), batch_size):
        batch = data[start : start + batch_size]
        for name, loss in batch_losses(model, table, batch, joint).items():
            total[f"val_{name}"] += loss.item() * len(batch)  # type: ignore[assignment]
    return {name: value / len(data) for name, value in total.items()}


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

    Leaves the weights with the lowest target-language L_XE on ``validation`` (after any epoch) in the model.

    Args:
        directory: folder of the checkpoint; a run that was killed continues from it.
        run: what differs from ``settings``: another seed, no L_KL.

    Returns:
        The history, one row an epoch.
    """
    seed = run.seed_or(settings.seed) if run else settings.seed
    xe_epochs, epochs = settings.xe_epochs, settings.xe_epochs + settings.joint_epochs
    if run and run.no_kl:
        xe_epochs = epochs  # as long as the others, so that nothing but L_KL differs (table 4)
    device = best_device()
    model.to(device)
    table = model.node_table([example.graph for example in (*data, *validation)], vectors).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate)
    best = BestWeights(model)
    seed_everything(seed)
    per_epoch = -(-len(data) // settings.batch_size)

    def step(number: int) -> dict[str, float]:
        epoch, position = divmod(number - 1, per_epoch)
        order = epoch_order(len(data), seed, epoch)
        chosen = order[position * settings.batch_size : (position + 1) * settings.batch_size]
        joint = epoch >= xe_epochs
        return train_step(model, optimizer, table, [data[i] for i in chosen], joint, settings.gradient_clamp)

    def validate(number: int) -> dict[str, float]:
        joint = (number - 1) // per_epoch >= xe_epochs
        scores = validation_losses(model, table, validation, settings.batch_size, joint)
        best.offer(scores["val_xe_target"])
        return scores

    history = run_training(
        name,
        epochs * per_epoch,
        step,
        Checkpoint(directory, model=model, optimizer=optimizer, best=best),
        validate,
        validate_every=per_epoch,
        save_every=settings.checkpoint_every,
    )
    best.restore()
    model.eval().cpu()
    return history


@lru_cache(maxsize=1)
def epoch_order(count: int, seed: int, epoch: int) -> list[int]:
    """The order of the examples in an epoch: a function of seed and epoch alone, so that a resumed run agrees."""
    generator = torch.Generator().manual_seed(seed * 100_003 + epoch)
    order: list[int] = torch.randperm(count, generator=generator).tolist()
    return order
