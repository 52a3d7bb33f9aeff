"""Locks that die with their holder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from crosscap.io.file_lock import FileLock

HOLD = "import sys, time; from crosscap.io.file_lock import FileLock; {}; print('held', flush=True); time.sleep(60)"


def other(path: Path, code: str = "FileLock(sys.argv[1]).acquire('other')") -> subprocess.Popen[str]:
    """Another process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD.format(code), path], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_a_lock_is_taken_once_and_says_by_whom(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "work" / "a.lock")
    assert not lock.is_held() and lock.holder() is None
    holder = other(lock.path)
    assert lock.is_held()
    assert not lock.acquire("me", wait=False)
    told = lock.holder()
    assert told is not None and (told.name, told.pid) == ("other", holder.pid)
    assert f"other (pid {holder.pid}, since " in str(told)
    holder.kill()
    holder.wait()
    assert lock.acquire("me", wait=False), "freed by kill -9"
    told = lock.holder()
    assert told is not None and told.pid == os.getpid()
    lock.release()
    assert not lock.is_held()


def test_sharers_keep_out_who_wants_it_alone(tmp_path: Path) -> None:
    first, second, alone = (FileLock(tmp_path / "a.lock") for _ in range(3))
    assert first.acquire("one", shared=True, wait=False) and second.acquire("two", shared=True, wait=False)
    assert not alone.acquire("three", wait=False)
    first.release()
    assert not alone.acquire("three", wait=False)
    second.release()
    assert alone.acquire("three", wait=False)
    alone.release()


def test_a_forked_worker_that_outlives_the_holder_does_not_keep_the_lock(tmp_path: Path) -> None:
    code = "import os; l = FileLock(sys.argv[1]); l.acquire('other'); p = os.fork(); p or time.sleep(20) or os._exit(0)"
    holder = other(tmp_path / "a.lock", code)
    lock = FileLock(tmp_path / "a.lock")
    assert lock.is_held()
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    deadline = time.monotonic() + 5
    while lock.is_held() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not lock.is_held()


def test_who_waits_gets_the_lock_when_its_holder_is_killed(tmp_path: Path) -> None:
    holder = other(tmp_path / "a.lock")
    waiting = other_waiting(tmp_path / "a.lock")
    time.sleep(0.5)
    assert waiting.poll() is None
    holder.kill()
    holder.wait()
    assert waiting.wait(20) == 0


def other_waiting(path: Path) -> subprocess.Popen[bytes]:
    code = "import sys; from crosscap.io.file_lock import FileLock; FileLock(sys.argv[1]).acquire('waiting')"
    return subprocess.Popen([sys.executable, "-c", code, path])
