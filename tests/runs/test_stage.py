"""What surrounds every stage: turns, records, leftovers, the engine that started it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crosscap.runs.engine_lock import EngineBusy, hold
from crosscap.runs.records import read_record, run_name, state_of

STAGE = """
import sys, time
from pathlib import Path
from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory, atomic_path
from crosscap.runs.stage import run

def main():
    Path(f"started.{sys.argv[2]}").touch()
    if sys.argv[1] == "wrong":
        raise InputError("x.txt", "nothing", "something")
    if sys.argv[1] == "crash":
        raise ValueError("a mistake")
    if sys.argv[1] == "write":
        with atomic_path("data/a.txt") as path, atomic_directory("data/b") as folder:
            path.write_text("half"); (folder / "c").write_text("half")
            time.sleep(float(sys.argv[2]))
    time.sleep(float(sys.argv[2]))

run(main)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages/one.py").write_text(STAGE)
    deps = "[stages/one.py, data/x]"
    (tmp_path / "dvc.yaml").write_text(f"stages: {{one: {{cmd: python stages/one.py 1, deps: {deps}}}}}\n")
    return tmp_path


def start(project: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("DVC_STAGE", "CROSSCAP_ENGINE")}
    command = [sys.executable, "stages/one.py", *arguments]
    environment |= variables
    return subprocess.Popen(command, cwd=project, env=environment, stderr=subprocess.PIPE, text=True)


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"no {path}"
        time.sleep(0.01)


def name_of(*arguments: str) -> str:
    return run_name(["stages/one.py", *arguments])


@pytest.mark.parametrize(("how", "exit_code"), [("well", 0), ("wrong", 1), ("crash", 1)])
def test_a_run_is_recorded_with_its_exit_code(project: Path, how: str, exit_code: int) -> None:
    process = start(project, how, "0")
    _, errors = process.communicate()
    assert process.returncode == exit_code
    assert ("Traceback" in errors) == (how == "crash")
    record = read_record(name_of(how, "0"), project)
    assert record is not None
    assert (record.command, record.engine, record.exit) == (f"stages/one.py {how} 0", "shell", exit_code)
    assert record.pid == process.pid and record.ended is not None and record.ended >= record.started
    assert state_of(name_of(how, "0"), record, project) == ("finished" if exit_code == 0 else "failed")


def test_a_polite_kill_is_recorded_and_leaves_nothing_half_written(project: Path) -> None:
    process = start(project, "write", "30")
    wait_for(project / "started.30")
    process.terminate()
    process.communicate()
    record = read_record(name_of("write", "30"), project)
    assert process.returncode == 143 and record is not None and record.exit == 143
    assert list((project / "data").iterdir()) == []


def test_after_kill_9_the_run_counts_as_killed_and_the_next_one_sweeps_what_it_left(project: Path) -> None:
    process = start(project, "write", "1")
    name = name_of("write", "1")
    wait_for(project / "started.1")
    while len(list((project / "data").glob(".*/c"))) < 1:
        time.sleep(0.01)
    running = read_record(name, project)
    assert running is not None and state_of(name, running, project) == "running"
    process.kill()
    process.communicate()
    assert state_of(name, running, project) == "killed"
    assert len(list((project / "data").iterdir())) == 2
    foreign = project / "data/.keep"
    foreign.touch()
    _, errors = start(project, "write", "1").communicate()
    assert errors.count("left by an earlier run") == 2
    assert sorted(path.name for path in (project / "data").iterdir()) == [".keep", "a.txt", "b"]


def test_a_second_process_of_a_stage_waits_and_says_for_whom(project: Path) -> None:
    first = start(project, "well", "2")
    wait_for(project / "started.2")
    second = start(project, "well", "2")
    _, errors = second.communicate()
    assert second.returncode == 0 and first.poll() == 0
    assert f"(pid {first.pid}, since " in errors and "waiting for" in errors
    first.communicate()


def test_a_stage_refuses_to_run_beside_snakemake_and_snakemake_beside_a_stage(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosscap.runs.engine_lock.PATIENCE", 0.0)
    monkeypatch.setenv("CROSSCAP_ENGINE", "")  # restored afterwards: holding it marks what this process starts
    with hold("snakemake", project):
        with pytest.raises(EngineBusy, match=rf"snakemake \(pid {os.getpid()}, since .*Wait until it ends"):
            hold("dvc", project)
        assert start(project, "well", "0", CROSSCAP_ENGINE="snakemake").wait() == 0, "its own stages run"
    process = start(project, "well", "1")
    wait_for(project / "started.1")
    with pytest.raises(EngineBusy) as error:
        hold("snakemake", project)
    assert error.value.holder is not None and error.value.holder.pid == process.pid
    with hold("dvc", project):
        process.communicate()


def test_a_stage_ends_when_its_engine_is_killed(project: Path) -> None:
    code = "import os, subprocess as s, sys; os.environ['DVC_STAGE'] = 'one'; s.run([sys.executable, *sys.argv[1:]])"
    engine = subprocess.Popen([sys.executable, "-c", code, "stages/one.py", "well", "30"], cwd=project)
    wait_for(project / "started.30")
    os.kill(engine.pid, signal.SIGKILL)
    engine.wait()
    deadline = time.monotonic() + 10
    while (record := read_record(name_of("well", "30"), project)) is None or record.exit is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert (record.exit, record.engine) == (143, "dvc")


def test_snakemake_waits_for_the_stage_of_a_killed_engine_to_end(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSCAP_ENGINE", "")
    stage = start(project, "well", "0.5")
    wait_for(project / "started.0.5")
    with hold("snakemake", project):
        assert stage.wait() == 0, "it had ended when the lock was free"


def test_the_code_of_the_stage_is_kept_under_its_md5(project: Path) -> None:
    import hashlib

    assert start(project, "well", "0").wait() == 0
    digest = hashlib.md5(STAGE.encode(), usedforsecurity=False).hexdigest()
    assert [path.name for path in (project / "work/code").iterdir()] == [digest]
    assert (project / "work/code" / digest).read_text() == STAGE


def test_different_arguments_are_different_runs() -> None:
    names = {run_name(["s.py", *words]) for words in (["a", "b"], ["a b"], ["a-b"], ["a/b"], ["--map", "3/8"], [])}
    assert len(names) == 6
    assert all(name.startswith("s") and "/" not in name and len(name) < 120 for name in names)


def test_a_damaged_record_counts_as_none(project: Path) -> None:
    (project / "work/runs").mkdir(parents=True)
    (project / "work/runs/a.json").write_text('{"command": ')
    assert read_record("a", project) is None
    (project / "work/runs/a.json").write_text(json.dumps({"other": 1}))
    assert read_record("a", project) is None
