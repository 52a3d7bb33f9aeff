from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from crosscap.training import distributed, workers
from tests.training.killing import Killed, killed_at_checkpoint
from tests.training.two_processes import train_small, train_unison

ROOT = Path(__file__).parents[2]


def run_as_torchrun_does(script: Path, folder: Path) -> None:
    """Two processes of a stage in the project ``folder``."""
    (folder / "dvc.yaml").write_text("stages: {two_processes: {cmd: python two_processes.py, deps: []}}\n")
    (folder / "params.yaml").write_text("{}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    search = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    common = {**os.environ, "PYTHONPATH": search, "OMP_NUM_THREADS": "1", "MASTER_ADDR": "127.0.0.1"}
    ranks = [
        subprocess.Popen(
            [sys.executable, str(script)],
            cwd=folder,
            env=common | {"MASTER_PORT": port, "WORLD_SIZE": "2", "RANK": str(rank), "LOCAL_RANK": str(rank)},
            text=True,
            stderr=subprocess.PIPE,
        )
        for rank in (0, 1)
    ]
    told = [rank.communicate(timeout=300)[1] for rank in ranks]
    assert [rank.returncode for rank in ranks] == [0, 0], told
    assert ["small: step 15" in words for words in told] == [True, False], "rank 0 alone tells"
    # The first step of L_KL uses every parameter, those before do not: no reason to warn of the search for unused ones.
    assert not [words for words in told if "find_unused_parameters" in words]


def assert_same(model: nn.Module, name: str, alone: Path, folder: Path, rtol: float, atol: float) -> None:
    for rank in (0, 1) if name == "small" else (0,):  # rank 0 alone takes the best weights back
        found = torch.load(folder / f"{name}-{rank}.pt", weights_only=True)
        assert found.keys() == model.state_dict().keys()
        for part, value in model.state_dict().items():
            torch.testing.assert_close(
                found[part], value, rtol=rtol, atol=atol, msg=lambda text, p=part: f"{p}: {text}"
            )
    rows = [(base / "history.csv").read_text().splitlines() for base in (alone, folder / "work" / name)]
    assert rows[0][0] == rows[1][0] and len(rows[0]) == len(rows[1]) > 2
    for one, two in zip(rows[0][1:], rows[1][1:], strict=True):
        numbers = [[float(value or "0") for value in line.split(",")] for line in (one, two)]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-4)


def test_two_processes_train_as_one_does_from_where_one_was_killed(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    folder = tmp_path / "two"
    with killed_at_checkpoint(7), pytest.raises(Killed):
        train_small(folder / "work/small", 15)
    run_as_torchrun_does(Path(__file__).with_name("two_processes.py"), folder)
    small, unison = train_small(tmp_path / "small", 15), train_unison(tmp_path / "unison")
    assert_same(small, "small", tmp_path / "small", folder, rtol=1e-5, atol=1e-6)
    assert_same(unison, "unison", tmp_path / "unison", folder, rtol=1e-3, atol=1e-4)
    (record,) = (folder / "work/runs").glob("*.json")
    assert json.loads(record.read_text())["exit"] == 0


def test_a_stage_starts_as_many_workers_as_its_parameter_says(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    monkeypatch.setattr(workers, "run_workers", started.append)
    assert [distributed.launched(count) for count in (1, 3)] == [False, True]
    assert started == [3]
    assert (distributed.rank(), distributed.processes()) == (0, 1)
