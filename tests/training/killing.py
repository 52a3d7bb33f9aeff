"""Trainings that are killed: the process ends right after a checkpoint, or within a step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from crosscap.training.checkpoint import Checkpoint


class Killed(Exception):
    pass


@contextmanager
def killed_at_checkpoint(step: int) -> Iterator[None]:
    """Raise `Killed` when the checkpoint of ``step`` has been written."""
    save = Checkpoint.save

    def save_and_die(checkpoint: Checkpoint, done: int, **extra: Any) -> None:
        save(checkpoint, done, **extra)
        if done == step:
            raise Killed

    with patch.object(Checkpoint, "save", save_and_die):
        yield


@contextmanager
def counted_checkpoints() -> Iterator[list[int]]:
    """The steps of the checkpoints that the block writes."""
    save, steps = Checkpoint.save, list[int]()

    def save_and_count(checkpoint: Checkpoint, done: int, **extra: Any) -> None:
        save(checkpoint, done, **extra)
        steps.append(done)

    with patch.object(Checkpoint, "save", save_and_count):
        yield steps
