"""The loop around a plain ``train_step``: progress, history, validation, checkpoints, and a stop at the first NaN."""

from __future__ import annotations

import csv
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from crosscap.io.artifacts import atomic_path
from crosscap.training import distributed
from crosscap.training.best import BestWeights
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.curves import Curves
from crosscap.training.device import best_device
from crosscap.training.diverged import TrainingDiverged
from crosscap.training.progress import progress

Row = dict[str, float]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoopSettings:
    """How long a training goes on, and what happens on the way.

    Attributes:
        steps: calls of ``train_step``.
        validate_every: steps between two rows of the history; 0 for a row at the end only.
        save_every: steps between two checkpoints; 0 for one with each row. After a validation and at the end there is
            always one.
        epoch_steps: steps of an epoch, to say in which a loss diverged; 0 where there are no epochs.
        best_by: name of the validation score that chooses the best weights; rows without it do not count.
        patience: stop after so many scores in a row that were no better; 0 to go on to the end.
    """

    steps: int
    validate_every: int = 0
    save_every: int = 0
    epoch_steps: int = 0
    best_by: str = ""
    patience: int = 0


def run_training(
    name: str,
    settings: LoopSettings,
    train_step: Callable[[int], Mapping[str, float]],
    checkpoint: Checkpoint,
    validate: Callable[[int], Mapping[str, float]] | None = None,
    *,
    best: BestWeights | None = None,
    examples: Callable[[int], Sequence[str]] | None = None,
) -> list[Row]:
    """Call ``train_step(1)`` to ``train_step(steps)``, from where the checkpoint left off.

    A killed run that is started again ends with the same weights and history as an undisturbed one, as long as each
    step depends only on its number, the checkpoint's parts and the random state. Several processes call this together
    (`crosscap.training.distributed`): rank 0 alone validates, keeps the best weights and writes.

    Args:
        train_step: updates the weights and returns its losses by name.
        validate: returns scores by name; called for every row of the history.
        best: is offered the score ``best_by``; it belongs among the checkpoint's parts.
        examples: ids of the examples in a step's batch, asked for when a loss diverges.

    Returns:
        One row for each validation: ``step``, the mean of each loss since the row before, the scores. The rows of
        other ranks lack the scores.

    Raises:
        TrainingDiverged: a loss is NaN or infinite. The last checkpoint is from before.
    """
    seed = torch.initial_seed()
    done, extra = checkpoint.restore()
    distributed.wait_for_all()  # before rank 0 writes over what the others still read
    history: list[Row] = extra.get("history", [])
    window: dict[str, list[float]] = extra.get("window", {})
    steps = 0 if _is_over(settings, best) else settings.steps
    with Curves(name, done) as curves:
        for step in progress(range(done + 1, steps + 1), name, total=steps, start=done):
            distributed.seed_step(seed, step)
            losses = train_step(step)
            for loss, value in losses.items():
                if not math.isfinite(value):
                    epoch = (step - 1) // settings.epoch_steps + 1 if settings.epoch_steps else None
                    raise TrainingDiverged(name, step, loss, value, epoch, examples(step) if examples else ())
                window.setdefault(loss, []).append(value)
            curves.losses(step, losses)
            validated = step == steps or bool(settings.validate_every and step % settings.validate_every == 0)
            if validated:
                row: Row = {"step": step, **{loss: sum(values) / len(values) for loss, values in window.items()}}
                if validate is not None and distributed.rank() == 0:
                    row.update(validate(step))
                    if best is not None and settings.best_by in row:
                        best.offer(row[settings.best_by])
                curves.scores(step, row)
                logger.info("%s: %s", name, ", ".join(f"{column} {_short(value)}" for column, value in row.items()))
                history.append(row)
                window = {}
            if distributed.rank() == 0 and _is_saved(step, settings, validated, validate is not None):
                checkpoint.save(step, history=history, window=window)
            if validated and _is_over(settings, best):
                break
    return history


def _is_saved(step: int, settings: LoopSettings, is_row: bool, validates: bool) -> bool:
    if step == settings.steps or (is_row and (validates or not settings.save_every)):
        return True
    return bool(settings.save_every and step % settings.save_every == 0)


def _is_over(settings: LoopSettings, best: BestWeights | None) -> bool:
    """Whether rank 0 has waited long enough for a better score."""
    if best is None or not settings.patience:
        return False
    return bool(distributed.told(float(best.waited >= settings.patience), best_device()))


def write_history(path: str | Path, history: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows as CSV; a column that a row lacks stays empty."""
    columns = list(dict.fromkeys(column for row in history for column in row))
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows({k: _short(v) for k, v in row.items()} for row in history)


def _short(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value
