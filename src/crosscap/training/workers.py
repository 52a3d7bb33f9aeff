"""Processes that do one stage's training together: how they are started, and how each knows that it is one.

Imported by every stage, so without PyTorch; what they tell each other is in `crosscap.training.distributed`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

RENDEZVOUS = "CROSSCAP_RENDEZVOUS"  # a file by which the workers of one stage find each other
GRACE = 5.0  # seconds from the polite signal to the other


def started_among_others() -> bool:
    """Whether this process is one of several that `torchrun` or `run_workers` started."""
    return "RANK" in os.environ and int(os.environ.get("WORLD_SIZE", "1")) > 1


def number() -> int:
    """This process's number, from 0."""
    return int(os.environ["RANK"]) if started_among_others() else 0


def is_worker() -> bool:
    """Whether another process looks after this one's stage: the one that started it, or number 0 under `torchrun`."""
    return RENDEZVOUS in os.environ or number() > 0


def run_workers(count: int) -> None:
    """Run this process's program in ``count`` processes beside it and wait until they have ended.

    Raises:
        SystemExit: a worker failed, with its exit code; it has said why. The others are ended.
    """
    with tempfile.TemporaryDirectory(prefix="crosscap-rendezvous-") as folder:
        environment = {**os.environ, RENDEZVOUS: str(Path(folder) / "store")}
        environment |= {"WORLD_SIZE": str(count), "LOCAL_WORLD_SIZE": str(count)}
        workers: list[subprocess.Popen[bytes]] = []
        try:
            for rank in range(count):
                own = environment | {"RANK": str(rank), "LOCAL_RANK": str(rank)}
                # The end of its input tells a worker that this process is gone.
                workers.append(subprocess.Popen([sys.executable, *sys.argv], env=own, stdin=subprocess.PIPE))
            code = _first_failure(workers)
        finally:
            _end(workers)
    if code:
        raise SystemExit(code)


def _first_failure(workers: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait for all, or for one that fails: its exit code."""
    while True:
        codes = [worker.poll() for worker in workers]
        failed = [code for code in codes if code]
        if failed:
            with contextlib.suppress(subprocess.TimeoutExpired):
                workers[0].wait(1.0)  # it may be about to say the same
            return failed[0] if failed[0] > 0 else 128 - failed[0]  # a signal as shells tell it
        if all(code == 0 for code in codes):
            return 0
        time.sleep(0.05)


def _end(workers: Sequence[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        worker.terminate()
    last = time.monotonic() + GRACE
    for worker in workers:
        try:
            worker.wait(max(0.0, last - time.monotonic()))
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def end_with_starter() -> None:
    """In a process of `run_workers`: end when the one that started it was killed and could not see to that."""

    def watch() -> None:
        while os.read(0, 1):
            pass
        os._exit(128 + signal.SIGKILL)  # at once, as it was: the stage may be started again this moment

    if RENDEZVOUS in os.environ:
        threading.Thread(target=watch, name="end-with-starter", daemon=True).start()
