"""A full disk while a stage writes: one clear error, the old artifact stands, the next run succeeds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow.conftest import REPOSITORY

STAGE = """
import os, resource, sys
from pathlib import Path
from crosscap.io.artifacts import atomic_directory, write_text
from crosscap.runs.stage import run

how, limit = sys.argv[1], int(os.environ.get("LIMIT", 0))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

def main():
    if how == "file":
        write_text("data/artifact", "new" * 400_000)
    elif how == "folder":
        with atomic_directory("data/artifact") as folder:
            (folder / "first").write_text("new")
            (folder / "second").write_text("new" * 400_000)
    elif how == "checkpoint":
        import torch
        from crosscap.training.checkpoint import Checkpoint
        Checkpoint("data/artifact", model=torch.nn.Linear(500, 500)).save(2)
    else:  # written beside crosscap.io, by a library
        Path("data/artifact").write_text("new" * 400_000)

run(main)
"""


def run_stage(folder: Path, how: str, **variables: str) -> subprocess.CompletedProcess[str]:
    (folder / "stage.py").write_text(STAGE)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src"), "OMP_NUM_THREADS": "1", **variables}
    command = [sys.executable, "stage.py", how]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def old_artifact(folder: Path, how: str) -> Path:
    """Write what an earlier run of the stage would have left; returns a file of it."""
    file = {"folder": "data/artifact/first", "checkpoint": "data/artifact/checkpoint.pt"}.get(how, "data/artifact")
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text("old")
    return folder / file


def hidden_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".*") if path.name != "."]


@pytest.mark.parametrize("how", ["file", "folder", "checkpoint"])
def test_a_file_that_cannot_grow_is_one_clear_error_and_the_old_artifact_stands(tmp_path: Path, how: str) -> None:
    old = old_artifact(tmp_path, how)
    result = run_stage(tmp_path, how, LIMIT="100000")
    assert result.returncode == 1
    assert result.stderr.startswith("error: data/artifact") and len(result.stderr.splitlines()) == 1, result.stderr
    assert "MB left" in result.stderr and "crosscap cache prune" in result.stderr
    assert old.read_text() == "old"
    assert not hidden_files(tmp_path)

    assert run_stage(tmp_path, how).returncode == 0
    assert old.read_bytes()[:3] != b"old"


@pytest.mark.parametrize("how", ["file", "folder", "checkpoint", "library"])
def test_a_full_disk_is_one_clear_error_and_the_run_after_freeing_space_succeeds(tmp_path: Path, how: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    inside = f"""
        mount -t tmpfs -o size=1500k none {disk} || exit 77
        exec {sys.executable} -m tests.workflow.full_disk {disk} {how}
    """
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", inside]
    try:
        result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no program unshare here, so no small disk can be made")
    if result.returncode == 77 or "unshare" in result.stderr:
        pytest.skip(f"no disk can be mounted here: {result.stderr.strip()}")
    assert result.returncode == 0, result.stdout + result.stderr
