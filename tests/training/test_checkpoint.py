"""A training that was stopped continues as if it had not been."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from torch import nn

from crosscap.training.checkpoint import Checkpoint
from crosscap.training.fingerprint import work_directory
from crosscap.training.seed import seed_everything


def train(directory: Path, stop: int, until: int = 12) -> list[torch.Tensor]:
    """Train to ``stop``, forget everything in memory, continue to ``until``."""
    for end in (stop, until):
        seed_everything(1)
        model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5), nn.Linear(4, 1))
        optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
        checkpoint = Checkpoint(directory, model=model, optimizer=optimizer)
        start, _ = checkpoint.restore()
        for step in range(start, end):
            scale = random.random() + float(np.random.rand())
            loss = model(torch.randn(3, 4) * scale).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            checkpoint.save(step + 1)
    return [parameter.detach() for parameter in model.parameters()]


def test_a_resumed_training_ends_with_the_same_bytes(tmp_path: Path) -> None:
    whole, resumed = train(tmp_path / "a", 12), train(tmp_path / "b", 5)
    assert all(torch.equal(one, other) for one, other in zip(whole, resumed, strict=True))


def test_extra_values_come_back(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "c")
    assert checkpoint.restore() == (0, {})
    checkpoint.save(3, history=[1.5, 2.0], best="x")
    assert Checkpoint(tmp_path / "c").restore() == (3, {"history": [1.5, 2.0], "best": "x"})


def test_another_setting_or_input_is_another_work_directory(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x").write_text("1")
    first = work_directory("train", {"a": 1}, [tmp_path / "in"])
    assert first == work_directory("train", {"a": 1}, [tmp_path / "in"])
    assert first != work_directory("train", {"a": 2}, [tmp_path / "in"])
    (tmp_path / "in" / "x").write_text("2")
    assert first != work_directory("train", {"a": 1}, [tmp_path / "in"])
