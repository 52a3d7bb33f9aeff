"""A stage ends with the engine that started it.

The result of a stage whose engine was killed is recorded by nobody; the engine's next start runs the stage again. It
would have to wait for an orphan that went on, for hours perhaps, and then do the same once more.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from pathlib import Path

MARKS = (b"DVC_STAGE=", b"CROSSCAP_ENGINE=")  # in the environment of what an engine started
GRACE = 30.0  # seconds from the polite signal to the other


def end_with_engine() -> int | None:
    """Send this process SIGTERM when its engine is gone. Returns the engine's pid.

    None, and nothing is watched, when no engine started this process, or where the system cannot tell (it needs Linux).
    """
    engine = engine_pid()
    if engine is None or not hasattr(os, "pidfd_open"):
        return None
    try:
        handle = os.pidfd_open(engine)
    except OSError:
        return None
    threading.Thread(target=_wait, args=(handle,), name="end-with-engine", daemon=True).start()
    return engine


def engine_pid(pid: int | None = None) -> int | None:
    """The nearest ancestor of ``pid`` (this process) that was not itself started by an engine, if ``pid`` was."""
    pid = os.getpid() if pid is None else pid
    started_by_engine = False
    while pid > 1:
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            return None
        if not any(part.startswith(MARKS) for part in environment.split(b"\0")):
            return pid if started_by_engine else None
        started_by_engine, pid = True, parent
    return None


def _wait(handle: int) -> None:
    watched = select.poll()  # readable when the process has ended, however it ended
    watched.register(handle, select.POLLIN)
    watched.poll()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)  # busy in a library that lets no signal through; nothing is lost by it
