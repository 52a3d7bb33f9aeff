"""What each stage's last run was: ``work/runs/<name>.json``, written when it starts and when it ends."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shlex
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from crosscap.io.artifacts import write_json
from crosscap.io.file_lock import FileLock

RUNS = Path("work/runs")
LOCKS = Path("work/running")
State = Literal["running", "finished", "failed", "killed"]


@dataclass(frozen=True)
class RunRecord:
    """One run of one stage.

    Attributes:
        command: the script and its arguments.
        engine: who started it: ``dvc``, ``snakemake`` or ``shell``.
        pid, host: its process and machine.
        started, ended: seconds since 1970; ``ended`` is None while it runs, and for good when it was killed.
        seconds: how long it took, else None.
        exit: its exit code, else None.
    """

    command: str
    engine: str
    pid: int
    host: str
    started: float
    ended: float | None = None
    seconds: float | None = None
    exit: int | None = None


def run_name(arguments: Sequence[str]) -> str:
    """The name of a stage's runs, from its script and arguments: the ``sys.argv`` of its process.

    Readable, fit for a file name, and different for different arguments.

    >>> run_name(["stages/parse_sentences.py", "--target", "zh"])
    'parse_sentences-target-zh-1ff0bafd'
    """
    words = [Path(arguments[0]).stem, *arguments[1:]]
    readable = re.sub(r"[^A-Za-z0-9_]+", "-", "-".join(words)).strip("-")[:80]
    digest = hashlib.sha256("\0".join(arguments).encode()).hexdigest()[:8]
    return f"{readable}-{digest}"


def lock_of(name: str, root: str | Path = ".") -> FileLock:
    """The lock that the process of run ``name`` holds as long as it lives."""
    return FileLock(Path(root) / LOCKS / f"{name}.lock")


def read_record(name: str, root: str | Path = ".") -> RunRecord | None:
    """The last run of ``name``; None when there is none, or its file is damaged."""
    try:
        return RunRecord(**json.loads((Path(root) / RUNS / f"{name}.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def state_of(name: str, record: RunRecord, root: str | Path = ".") -> State:
    """How the run stands. One that never wrote its end and lives no more was killed."""
    if record.exit is not None:
        return "finished" if record.exit == 0 else "failed"
    # The lock tells of this machine's processes, also when a process number was given out again.
    here = record.host == socket.gethostname()
    return "killed" if here and not lock_of(name, root).is_held() else "running"


@contextlib.contextmanager
def recorded(arguments: Sequence[str], engine: str, root: str | Path = ".") -> Iterator[None]:
    """Record the block as a run: at its start, and however Python leaves it (by an exception or `SystemExit` too)."""
    path = Path(root) / RUNS / f"{run_name(arguments)}.json"
    started, begun = time.time(), time.monotonic()
    record = RunRecord(shlex.join(arguments), engine, os.getpid(), socket.gethostname(), round(started, 3))
    write_json(path, asdict(record))
    code = 1
    try:
        yield
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        raise
    except KeyboardInterrupt:
        code = 130  # as a shell says
        raise
    finally:
        end = {"ended": round(time.time(), 3), "seconds": round(time.monotonic() - begun, 3), "exit": code}
        with contextlib.suppress(OSError):  # a full disk: the stage's own error is the one to show
            write_json(path, asdict(record) | end)
