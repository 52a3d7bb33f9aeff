"""One run of Snakemake's main process: what it finds fresh, what it locks, what it records at its end."""

from __future__ import annotations

import atexit
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from snakemake.exceptions import WorkflowError

from crosscap.io.file_lock import FileLock
from crosscap.runs.engine_lock import SNAKEMAKE, EngineBusy, hold
from crosscap.runs.engine_watch import GRACE
from crosscap.runs.recovery import recover
from workflow.dag import Stage, load_stages
from workflow.digests import Digests
from workflow.keys import stage_keys
from workflow.stamps import commit_to_dvc, refresh_stamps, stamp_path


class Session:
    """The stages, their keys and stamps, as they stand when Snakemake starts.

    On a cluster's node (``main=False``) the stamps are taken as they are; nothing is locked, dropped or recorded there.

    Args:
        workflow: Snakemake's workflow object.
        main: whether this is the process that the user started.
    """

    def __init__(self, workflow: Any, main: bool) -> None:
        self.workflow = workflow
        self.lock: FileLock | None = None
        digests = Digests()
        self.stages = load_stages()
        self.keys = stage_keys(self.stages, digests)
        self.stamps = {name: str(stamp_path(stage, self.keys[name])) for name, stage in self.stages.items()}
        if main:
            with suppress(EngineBusy), held():  # where another engine runs, a dry run takes the stamps as they are
                for mended in recover():
                    print(mended, file=sys.stderr)
                remove_leftovers()
                refresh_stamps(self.stages, self.keys, digests)
            atexit.register(self.finish)
        digests.save()

    def start(self) -> None:
        """Before the first job: nobody else runs stages here, and those that want a GPU take turns at it."""
        try:
            self.lock = hold(SNAKEMAKE)
        except EngineBusy as error:
            raise WorkflowError(str(error)) from None
        given = self.workflow.global_resources.get("gpu")
        gpus = list(Path("/dev").glob("nvidia[0-9]*"))
        if gpus and self.workflow.local_exec and getattr(given, "value", None) is None:
            self.workflow.register_resource("gpu", 1)

    def finish(self) -> None:
        """Record in ``dvc.lock`` what is fresh. At exit, since Snakemake calls no hook when it finds nothing to do."""
        if self.workflow.executor_plugin is None or self.workflow.dryrun:
            return  # `--dag`, `--summary`, a dry run …: they only look
        try:
            with suppress(EngineBusy), held() if self.lock is None else nullcontext():
                digests = Digests()
                stages = load_stages()
                commit_to_dvc(stages, refresh_stamps(stages, stage_keys(stages, digests), digests), digests)
                digests.save()
        except Exception:  # leaving here with an exception would leave the exit code at 0
            traceback.print_exc()
            print("error: the finished stages are not in dvc.lock; start Snakemake again", file=sys.stderr, flush=True)
            os._exit(1)


@contextmanager
def held() -> Iterator[None]:
    """Hold the project; wait for a stage whose engine was killed as long as it may take to end."""
    until = time.monotonic() + GRACE
    while True:
        try:
            lock = hold(SNAKEMAKE)
            break
        except EngineBusy as busy:
            if time.monotonic() >= until or busy.holder is None or busy.holder.name == SNAKEMAKE:
                raise
    try:
        yield
    finally:
        lock.release()


def remove_leftovers() -> None:
    """What a killed Snakemake left, its lock and its marks of unfinished jobs: stamps are whole or absent.

    And its memory of how stamps were made, by which it would run a stage again for another path of the interpreter or
    another number of map tasks. `snakemake --report` reads times from it.
    """
    memory = [] if "--report" in sys.argv else ["metadata"]
    for folder in ("locks", "incomplete", *memory):
        for path in (Path(".snakemake") / folder).rglob("*"):
            if path.is_file():
                path.unlink(missing_ok=True)


def map_stamp(stage: Stage, key: str, tasks: int) -> str:
    """What a map task leaves, with the wildcard ``task``; Snakemake removes it after the gathering."""
    return f"work/stamps/maps/{stage.rule}.{key}.{{task}}-of-{tasks:05d}"


def task_count(value: object) -> int:
    """The number of map tasks that the user asked for."""
    try:
        count = int(str(value))
    except ValueError:
        count = 0
    if count < 1:
        raise WorkflowError(
            f"--config scatter={value}: expected the number of map tasks of each scattered stage, 1 or more"
        )
    return count
