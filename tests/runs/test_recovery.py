"""What a killed DVC leaves is mended; what lives is left alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crosscap.io.file_lock import FileLock
from crosscap.runs.recovery import keep_lock, recover

ENTRY = "  {0}:\n    cmd: python stages/{0}.py\n    outs:\n    - path: data/{0}\n      md5: {0}\n      size: 4\n"
WHOLE = "schema: '2.0'\nstages:\n" + "".join(ENTRY.format(name) for name in ("collect", "filter", "train"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".dvc/tmp").mkdir(parents=True)
    (tmp_path / "dvc.lock").write_text(WHOLE)
    return tmp_path


def test_a_whole_lock_file_is_kept_once_and_left_alone(project: Path) -> None:
    assert keep_lock(project) and not keep_lock(project)
    assert recover(project) == []
    assert (project / "dvc.lock").read_text() == WHOLE


@pytest.mark.parametrize("length", [0, 7, 21, 40, 95, len(WHOLE) - 1])
def test_a_lock_file_cut_anywhere_is_as_before(project: Path, length: int) -> None:
    keep_lock(project)
    (project / "dvc.lock").write_text(WHOLE[:length])
    assert not keep_lock(project), "the damaged one does not replace the copy"
    assert recover(project) == ["dvc.lock was written halfway: it is again as before, with 3 stages"]
    assert (project / "dvc.lock").read_text() == WHOLE


def test_without_a_copy_a_damaged_lock_file_goes(project: Path) -> None:
    (project / "dvc.lock").write_text("")
    assert len(recover(project)) == 1
    assert not (project / "dvc.lock").exists()


@pytest.mark.parametrize("content", ["", '{"write": {"/a', "[]"])
def test_a_half_written_list_of_paths_goes(project: Path, content: str) -> None:
    (project / ".dvc/tmp/rwlock").write_text(content)
    assert recover(project) == ["removed DVC's list of used paths, written halfway"]
    assert not (project / ".dvc/tmp/rwlock").exists()


def test_a_path_held_by_a_number_that_is_another_process_now_is_freed(project: Path) -> None:
    entry = {"pid": os.getpid(), "cmd": "/no/such/dvc repro"}
    (project / ".dvc/tmp/rwlock").write_text(json.dumps({"write": {"/a": entry}, "read": {"/b": [entry]}}))
    assert recover(project) == [f"removed DVC's list of used paths of processes that are gone: {os.getpid()}"]


def test_a_path_that_a_living_process_holds_stays_held(project: Path) -> None:
    command = [sys.executable, "-c", "print(flush=True); input()"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline()  # it has a command line now
    text = json.dumps({"write": {"/a": {"pid": process.pid, "cmd": " ".join(command)}}})
    (project / ".dvc/tmp/rwlock").write_text(text)
    assert recover(project) == []
    assert (project / ".dvc/tmp/rwlock").read_text() == text
    process.communicate()


def test_nothing_is_touched_while_dvc_is_at_work(project: Path) -> None:
    (project / "dvc.lock").write_text("half")
    with FileLock(project / ".dvc/tmp/lock") as lock:
        lock.acquire()
        assert recover(project) == []
    assert len(recover(project)) == 1
