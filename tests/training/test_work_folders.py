"""Checkpoints are removed when nobody can need them, and not before."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from crosscap.training.fingerprint import work_directory
from crosscap.training.work_folders import RUN, claim, release, sweep


def make(folder: Path, owner: str) -> Path:
    claim(folder, owner)
    (folder / "checkpoint.pt").write_text("state")
    return folder


def test_a_new_fingerprint_replaces_the_runs_own_folder_and_no_other(tmp_path: Path) -> None:
    old, of_another = make(tmp_path / "train/1", "train-zh"), make(tmp_path / "train/2", "train-de")
    make(tmp_path / "train/1", "train-zh")
    assert old.exists(), "the same training goes on"
    new = make(tmp_path / "train/3", "train-zh")
    assert (old.exists(), of_another.exists(), new.exists()) == (False, True, True)


def test_a_finished_training_is_kept_until_its_result_is_surely_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(RUN, "train-zh")
    folder, running = make(tmp_path / "train/1", "train-zh"), make(tmp_path / "train/2", "train-de")
    release(folder)
    assert sweep(tmp_path) == [] and folder.exists()
    hours_ago = time.time() - 7200
    os.utime(folder / "finished", (hours_ago, hours_ago))
    assert sweep(tmp_path) == [folder]
    assert not folder.exists() and running.exists()


def test_a_training_that_starts_again_is_no_longer_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RUN, "train-zh")
    folder = make(tmp_path / "train/1", "train-zh")
    release(folder)
    claim(folder, "train-zh")
    assert sweep(tmp_path, kept=-1) == [] and (folder / "checkpoint.pt").exists()


def test_outside_of_a_stage_a_finished_training_goes_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RUN, raising=False)
    folder = make(tmp_path / "train/1", "train-zh")
    release(folder)
    assert not folder.exists()


def test_changed_code_is_another_training_and_a_changed_comment_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RUN, "train-zh")
    Path("dvc.yaml").write_text("stages: {train: {cmd: python train.py, deps: [train.py]}}\n")
    Path("train.py").write_text("rate = 1\n")
    first = work_directory("train", {})
    Path("train.py").write_text('"""Trains."""\nrate = 1  # a step\n')
    assert work_directory("train", {}) == first
    Path("train.py").write_text("rate = 2\n")
    assert work_directory("train", {}) != first
    assert not first.exists(), "nobody will go on with it"
