"""The loop around a plain ``train_step``: progress, history, validation, checkpoints, and a stop at the first NaN."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosscap.io.artifacts import atomic_path
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.progress import progress

Row = dict[str, float]


class TrainingDiverged(Exception):
    """A loss is no finite number."""

    def __init__(self, name: str, step: int, loss: str, value: float) -> None:
        super().__init__(
            f"{name}: loss {loss!r} is {value} at step {step}; lower the learning rate or clip the gradient"
        )
        self.step, self.loss = step, loss


def run_training(
    name: str,
    steps: int,
    train_step: Callable[[int], Mapping[str, float]],
    checkpoint: Checkpoint,
    validate: Callable[[int], Mapping[str, float]] | None = None,
    validate_every: int = 0,
    save_every: int = 0,
) -> list[Row]:
    """Call ``train_step(1)`` to ``train_step(steps)``, from where the checkpoint left off.

    A killed run that is started again ends with the same weights and history as an undisturbed one, as long as each
    step depends only on its number, the checkpoint's parts and the random state.

    Args:
        train_step: updates the weights and returns its losses by name.
        validate: returns scores by name; called every ``validate_every`` steps and after the last.
        save_every: steps between checkpoints; 0 for at validation only.

    Returns:
        One row for each validation: ``step``, the mean of each loss since the row before, the scores.

    Raises:
        TrainingDiverged: a loss is NaN or infinite. The last checkpoint is from before.
    """
    done, extra = checkpoint.restore()
    history: list[Row] = extra.get("history", [])
    window: dict[str, list[float]] = extra.get("window", {})
    for step in progress(range(done + 1, steps + 1), name, total=steps, start=done):
        for loss, value in train_step(step).items():
            if not math.isfinite(value):
                raise TrainingDiverged(name, step, loss, value)
            window.setdefault(loss, []).append(value)
        last = step == steps
        validated = last or bool(validate_every and step % validate_every == 0)
        if validated:
            row: Row = {"step": step, **{loss: sum(values) / len(values) for loss, values in window.items()}}
            row.update(validate(step) if validate else {})
            history.append(row)
            window = {}
        if validated or bool(save_every and step % save_every == 0):
            checkpoint.save(step, history=history, window=window)
    return history


def write_history(path: str | Path, history: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows as CSV; a column that a row lacks stays empty."""
    columns = list(dict.fromkeys(column for row in history for column in row))
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows({k: _short(v) for k, v in row.items()} for row in history)


def _short(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value
