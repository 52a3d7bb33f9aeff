"""Checkpoints outside a stage's outputs, so that a killed training continues where it was."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

from crosscap.io.artifacts import atomic_path


class Checkpoint:
    """The last state of one training, in ``work/<stage>/<fingerprint>/checkpoint.pt``.

    The fingerprint names everything the training depends on (see `crosscap.training.fingerprint`), so a changed
    parameter never resumes a stale state.

    Args:
        directory: folder of this training; made when first saved.
        parts: objects with ``state_dict`` and ``load_state_dict`` (models, optimizers, schedules, data order).
    """

    def __init__(self, directory: str | Path, **parts: Any) -> None:
        self.path = Path(directory) / "checkpoint.pt"
        self.parts = parts

    def save(self, step: int, **extra: Any) -> None:
        """Save every part, all random states, ``step`` and ``extra`` (tensors, numbers, strings, lists, dicts)."""
        state = {
            "step": step,
            "parts": {name: part.state_dict() for name, part in self.parts.items()},
            "random": _random_state(),
            "extra": extra,
        }
        with atomic_path(self.path) as temporary, open(temporary, "wb") as stream:
            torch.save(state, stream)  # to a stream: given a path, PyTorch hides that the disk is full

    def restore(self) -> tuple[int, dict[str, Any]]:
        """Load the last state into the parts; return its step and extra, ``(0, {})`` when there is none."""
        if not self.path.is_file():
            return 0, {}
        state = torch.load(self.path, map_location="cpu", weights_only=True)
        for name, part in self.parts.items():
            part.load_state_dict(state["parts"][name])
        _set_random_state(state["random"])
        return state["step"], state["extra"]


def _random_state() -> dict[str, Any]:
    version, internal, gauss = random.getstate()
    name, keys, position, has_gauss, cached = cast(tuple[str, np.ndarray, int, int, float], np.random.get_state())
    return {
        "python": [version, list(internal), gauss],
        "numpy": [name, torch.from_numpy(keys.astype("int64")), position, has_gauss, cached],
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }


def _set_random_state(state: dict[str, Any]) -> None:
    version, internal, gauss = state["python"]
    random.setstate((version, tuple(internal), gauss))
    name, keys, position, has_gauss, cached = state["numpy"]
    np.random.set_state((name, keys.numpy().astype("uint32"), position, has_gauss, cached))
    torch.set_rng_state(state["torch"])
    if state["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])
