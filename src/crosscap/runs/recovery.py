"""What a killed DVC can leave behind, mended: a ``dvc.lock`` written halfway, locks of processes that are gone.

DVC writes ``dvc.lock`` in place, for about a second with a long one, and ``.dvc/tmp/rwlock`` too. Killed meanwhile, it
refuses to start ("validation failed", "JSON structure is corrupted"). Every stage keeps a copy of the whole file; an
entry of it never lies, since DVC compares its digests with what stands in the folders.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import yaml

from crosscap.io.artifacts import atomic_path, write_text
from crosscap.io.file_lock import FileLock
from crosscap.io.yaml_text import parse_yaml

LOCK, COPY = Path("dvc.lock"), Path("work/dvc.lock")


def keep_lock(root: str | Path = ".") -> bool:
    """Copy ``dvc.lock`` when it is whole and not the one that was copied last. Returns whether it was."""
    lock, copy = Path(root) / LOCK, Path(root) / COPY
    if not lock.is_file() or (copy.is_file() and copy.stat().st_mtime_ns == lock.stat().st_mtime_ns):
        return False
    times = lock.stat()
    content = lock.read_bytes()
    if _stages(content) is None:
        return False
    with atomic_path(copy) as temporary:
        temporary.write_bytes(content)
        os.utime(temporary, ns=(times.st_atime_ns, times.st_mtime_ns))
    return True


def recover(root: str | Path = ".") -> list[str]:
    """Mend what killed processes left, so that DVC starts again; nothing while it is at work. Returns what was done."""
    root = Path(root)
    if not (root / ".dvc").is_dir():
        return []
    main = FileLock(root / ".dvc/tmp/lock")  # DVC holds it whenever it writes either file
    if not main.acquire(wait=False):
        return []
    with main:
        return [*_mend_lock(root), *_mend_path_locks(root / ".dvc/tmp")]


def _mend_lock(root: Path) -> list[str]:
    lock, copy = root / LOCK, root / COPY
    if not lock.is_file() or (stages := _stages(lock.read_bytes())) is not None:
        return []
    if b"\n<<<<<<< " in lock.read_bytes():
        return []  # not DVC's doing: a merge in git that somebody has to decide
    kept = copy.read_bytes() if copy.is_file() else b""
    stages = _stages(kept)
    if stages is None:
        lock.unlink()
        return ["removed dvc.lock, which was written halfway; what DVC's cache holds is not computed again"]
    write_text(lock, kept.decode())
    return [f"dvc.lock was written halfway: it is again as before, with {len(stages)} stages"]


def _stages(content: bytes) -> dict[str, Any] | None:
    """The entries of a lock file; None when it is not whole as far as can be seen."""
    try:
        values = parse_yaml(content)
        stages = values["stages"]
        whole = content.endswith(b"\n") and "schema" in values and all("cmd" in entry for entry in stages.values())
    except (yaml.YAMLError, TypeError, KeyError, AttributeError, ValueError):
        return None
    return stages if whole else None


def _mend_path_locks(folder: Path) -> list[str]:
    """DVC's list of the paths that its processes use. It drops the dead itself, unless their number lives again."""
    path = folder / "rwlock"
    guard = FileLock(folder / "rwlock.lock")
    if not path.is_file() or not guard.acquire(wait=False):
        return []  # nothing, or DVC is at it
    with guard:
        try:
            locks = json.loads(path.read_bytes())
            held = [*locks.get("write", {}).values(), *(one for many in locks.get("read", {}).values() for one in many)]
            strangers = sorted({int(one["pid"]) for one in held if not _is_process(int(one["pid"]), str(one["cmd"]))})
            if not strangers:
                return []
            alive = any(_is_process(int(one["pid"]), str(one["cmd"])) for one in held)
        except (ValueError, KeyError, TypeError, AttributeError):
            strangers, alive = [], False
        if alive:
            return []  # the living one goes on with the list, and drops the dead
        path.unlink()
    whose = f" of processes that are gone: {', '.join(map(str, strangers))}" if strangers else ", written halfway"
    return [f"removed DVC's list of used paths{whose}"]


def _is_process(pid: int, command: str) -> bool:
    """Whether process ``pid`` lives and is the one that ran ``command``, as far as the system tells."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return not Path("/proc/self").exists() and _lives(pid)
    except OSError:
        return True
    return command in line.replace(b"\0", b" ").decode(errors="replace")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
