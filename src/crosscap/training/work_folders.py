"""Folders of checkpoints, ``work/<stage>/<fingerprint>/``: whose they are, and when they may go.

A folder outlives its training by `KEPT` seconds: an engine records a stage only after it has read all that the stage
wrote, and a machine that crashes meanwhile must not cost the training.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from crosscap.io.artifacts import write_text

RUN = "CROSSCAP_RUN"  # the running stage's name; `crosscap.runs.stage.run` sets it
OWNER, FINISHED = "owner", "finished"
KEPT = 3600.0  # seconds; reading and caching a model of some gigabytes takes minutes


def claim(directory: Path, owner: str) -> None:
    """Make ``directory`` the work of run ``owner``; remove the folders beside it that ``owner`` had."""
    for other in directory.parent.glob(f"*/{OWNER}"):
        if other.parent != directory and other.read_text(encoding="utf-8") == owner:
            shutil.rmtree(other.parent, ignore_errors=True)
    (directory / FINISHED).unlink(missing_ok=True)
    if not (directory / OWNER).is_file():
        write_text(directory / OWNER, owner)


def release(directory: str | Path) -> None:
    """Say that the finished artifact stands: `sweep` removes the folder later, or now when no stage runs."""
    if RUN not in os.environ:
        shutil.rmtree(directory, ignore_errors=True)
    elif Path(directory).is_dir():
        write_text(Path(directory) / FINISHED, "")


def sweep(work: Path, kept: float = KEPT) -> list[Path]:
    """Remove the folders that were released longer than ``kept`` seconds ago, and return them."""
    due = [mark.parent for mark in work.glob(f"*/*/{FINISHED}") if time.time() - mark.stat().st_mtime > kept]
    for folder in due:
        shutil.rmtree(folder, ignore_errors=True)
    return due
