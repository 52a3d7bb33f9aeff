from __future__ import annotations

from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from crosscap.training.checkpoint import Checkpoint
from crosscap.training.curves import EVERY
from crosscap.training.loop import LoopSettings, run_training
from crosscap.training.work_folders import RUN

from .killing import Killed


def points(folder: Path, name: str) -> list[tuple[int, float]]:
    events = EventAccumulator(str(folder))
    events.Reload()
    return [(event.step, event.value) for event in events.Scalars(name)]


def test_a_stages_curves_hold_each_step_once_after_a_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RUN, "train_phase1-zh-0")
    killed: list[int] = []

    def train_step(step: int) -> dict[str, float]:
        if step == 2 * EVERY + 5 and not killed:
            killed.append(step)
            raise Killed
        return {"xe": float(step)}

    def train() -> None:
        run_training(
            "phase 1 zh",
            LoopSettings(4 * EVERY, validate_every=2 * EVERY, save_every=EVERY + 1),
            train_step,
            Checkpoint("work"),
            lambda step: {"val_xe": -float(step)},
        )

    with pytest.raises(Killed):
        train()
    train()
    folder = tmp_path / "reports/curves/train_phase1-zh-0/phase_1_zh"
    steps = [1, EVERY, 2 * EVERY, 3 * EVERY, 4 * EVERY]
    assert points(folder, "step/xe") == [(step, step) for step in steps]
    assert points(folder, "validation/val_xe") == [(2 * EVERY, -2 * EVERY), (4 * EVERY, -4 * EVERY)]


def test_a_training_outside_a_stage_leaves_no_curves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(RUN, raising=False)
    run_training("t", LoopSettings(3), lambda step: {"loss": 1.0}, Checkpoint(tmp_path / "work"))
    assert not (tmp_path / "reports").exists()
