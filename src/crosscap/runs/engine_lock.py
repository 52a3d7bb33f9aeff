"""One engine at a time: two would delete each other's inputs and record results of neither.

Snakemake's main process holds ``work/engine.lock`` alone; each stage that DVC or a person starts shares it. Stages that
Snakemake starts have ``CROSSCAP_ENGINE=snakemake`` in their environment and take nothing: their engine holds it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from crosscap.io.file_lock import FileLock, Holder

PATH = Path("work/engine.lock")
PATIENCE = 10.0  # seconds
SNAKEMAKE, DVC, SHELL = "snakemake", "dvc", "shell"


class EngineBusy(Exception):
    """Another engine runs this project.

    Attributes:
        holder: which one, its pid and since when; None when it could not be told.
    """

    def __init__(self, path: Path, holder: Holder | None) -> None:
        who = str(holder) if holder else "another engine"
        super().__init__(f"{path}: {who} runs this project. Wait until it ends, or stop it, then start again.")
        self.holder = holder


def current_engine() -> str:
    """Which engine started this process: ``snakemake``, ``dvc``, or ``shell`` for a person."""
    if os.environ.get("CROSSCAP_ENGINE") == SNAKEMAKE:
        return SNAKEMAKE
    return DVC if "DVC_STAGE" in os.environ else SHELL  # DVC sets it for the commands it runs


def hold(engine: str, root: str | Path = ".") -> FileLock:
    """Hold the project ``root`` for ``engine`` until the returned lock is released or the process ends.

    ``snakemake`` holds it alone, others share it.

    Raises:
        EngineBusy: Snakemake runs, or asks for the project while stages of another engine run.
    """
    lock = FileLock(Path(root) / PATH)
    alone = engine == SNAKEMAKE
    # A dry run of Snakemake has it for a second or two, a stage whose engine was killed until it has ended: no reason
    # to fail. Two Snakemakes never wait for each other; the kernel frees what a killed one held.
    last = time.monotonic() + PATIENCE
    while not lock.acquire(engine, shared=not alone, wait=False):
        holder = lock.holder()
        if time.monotonic() >= last or (alone and holder is not None and holder.name == SNAKEMAKE):
            raise EngineBusy(lock.path, holder)
        time.sleep(0.1)
    if alone:
        os.environ["CROSSCAP_ENGINE"] = SNAKEMAKE  # what this process starts from now on is its own
    return lock
