"""A lock that cannot go stale: the kernel frees it when the process that holds it dies, however it dies."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# File systems without flock (some cluster scratch spaces): the work goes on without the lock.
_NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: what kind of process, its number, its machine, and since when (seconds since 1970)."""

    name: str
    pid: int
    host: str
    since: float

    def __str__(self) -> str:
        place = "" if self.host == socket.gethostname() else f" on {self.host}"
        return f"{self.name} (pid {self.pid}{place}, since {time.strftime('%H:%M:%S', time.localtime(self.since))})"


class FileLock:
    """An advisory lock (flock) on a file that stays where it is; its content says who holds it.

    Processes started by the holder do not keep the lock: spawned ones never see the file, forked ones close it.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._handle: int | None = None

    def acquire(self, name: str = "", *, shared: bool = False, wait: bool = True) -> bool:
        """Take the lock as ``name``; False when it is held and ``wait`` is False.

        Any number of holders share it, or one has it alone.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(handle)
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS_HERE:
                os.close(handle)
                raise
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        _held.add(self)
        if name:
            content = json.dumps({"name": name, "pid": os.getpid(), "host": socket.gethostname(), "since": time.time()})
            os.ftruncate(handle, 0)
            os.pwrite(handle, content.encode(), 0)
        return True

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
            _held.discard(self)

    def is_held(self) -> bool:
        """Whether any process, this one included, has it alone."""
        if not self.path.is_file():
            return False
        probe = FileLock(self.path)
        with contextlib.suppress(OSError):
            if not probe.acquire(shared=True, wait=False):
                return True
            probe.release()
        return False

    def holder(self) -> Holder | None:
        """Who took it last; None when nobody did, or is just writing it down."""
        try:
            values: dict[str, Any] = json.loads(self.path.read_bytes())
            return Holder(str(values["name"]), int(values["pid"]), str(values["host"]), float(values["since"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def __enter__(self) -> FileLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


_held: set[FileLock] = set()


def _forget_in_child() -> None:
    for lock in list(_held):
        lock.release()


os.register_at_fork(after_in_child=_forget_in_child)
