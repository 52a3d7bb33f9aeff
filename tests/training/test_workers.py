"""Workers of a stage without PyTorch, so that they start at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

STAGE = """
import os, sys, time
from pathlib import Path
from crosscap.errors import InputError
from crosscap.runs.stage import run
from crosscap.training import workers

def main():
    if not workers.is_worker():
        workers.run_workers(3)
        Path("finished").touch()
        return
    rank = workers.number()
    Path(f"worker-{rank}").write_text(f"{os.getpid()} {os.environ['WORLD_SIZE']} {os.environ['CROSSCAP_RUN']}")
    if sys.argv[1] == "all fail":
        raise InputError("data.txt", "nothing", "something")
    if sys.argv[1] == "one dies" and rank == 1:
        os._exit(7)
    if sys.argv[1] != "all end":
        time.sleep(60)

run(main)
"""


def start(folder: Path, how: str) -> subprocess.Popen[str]:
    (folder / "train.py").write_text(STAGE)
    (folder / "dvc.yaml").write_text("stages: {train: {cmd: python train.py, deps: [train.py]}}\n")
    (folder / "params.yaml").write_text("{}\n")
    search = str(Path(__file__).parents[2] / "src")
    environment = {**os.environ, "PYTHONPATH": search}
    return subprocess.Popen(
        [sys.executable, "train.py", how], cwd=folder, env=environment, text=True, stderr=subprocess.PIPE
    )


def pids(folder: Path) -> list[int]:
    """Process numbers of the three workers, once each has said its own."""
    last = time.monotonic() + 60
    while time.monotonic() < last:
        said = [path.read_text().split() for path in folder.glob("worker-*")]
        if len(said) == 3 and all(said):
            return [int(words[0]) for words in said]
        time.sleep(0.02)
    raise AssertionError("the workers did not start")


def has_ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def assert_end(workers: list[int]) -> None:
    last = time.monotonic() + 30
    while not all(map(has_ended, workers)):
        assert time.monotonic() < last, "a worker lives on"
        time.sleep(0.02)


def test_a_stage_waits_for_all_its_workers_which_share_its_name(tmp_path: Path) -> None:
    stage = start(tmp_path, "all end")
    assert stage.wait(60) == 0
    assert (tmp_path / "finished").exists()
    said = [path.read_text().split() for path in sorted(tmp_path.glob("worker-*"))]
    assert len({pid for pid, _, _ in said}) == 3
    assert {(count, run) for _, count, run in said} == {
        ("3", (path.stem)) for path in (tmp_path / "work/runs").iterdir()
    }


def test_what_all_workers_find_wrong_is_said_once(tmp_path: Path) -> None:
    stage = start(tmp_path, "all fail")
    told = stage.communicate(timeout=60)[1]
    assert stage.returncode == 1
    assert told.count("error: data.txt: found nothing, expected something.") == told.count("error") == 1
    assert not (tmp_path / "finished").exists()


def test_a_worker_that_dies_takes_the_others_and_the_stage_with_it(tmp_path: Path) -> None:
    stage = start(tmp_path, "one dies")
    workers = pids(tmp_path)
    assert stage.wait(60) == 7
    assert_end(workers)
    assert not (tmp_path / "finished").exists()


def test_workers_end_when_their_stage_is_killed(tmp_path: Path) -> None:
    stage = start(tmp_path, "sleep")
    workers = pids(tmp_path)
    assert not any(map(has_ended, workers))
    stage.send_signal(signal.SIGKILL)
    stage.wait(60)
    assert_end(workers)
