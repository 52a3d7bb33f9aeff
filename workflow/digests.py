"""Digests of files and folders, as DVC writes them into ``dvc.lock``, remembered between runs."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from crosscap.io.artifacts import write_text

MEMORY = Path("work/digests.json")
# A file younger than this may change again without a new modification time; its digest is not remembered.
SETTLED_NS = 2_000_000_000
MISSING = "missing"
Identity = list[int]  # size, times of modification and of change, inode


class Digests:
    """The digest of each path below ``root``, computed once, and not again for files that stand as they were last time.

    A file's digest is the MD5 of its bytes; a folder's that of its sorted listing, with the ending ``.dir``. A path
    that does not exist has the digest ``missing``. A file counts as unchanged when its size, both its times and its
    inode are; the time of change cannot be set by a program, so ``touch`` or ``cp -p`` does not hide new content.
    """

    def __init__(self, root: Path = Path()) -> None:
        self.root = root
        self._paths: dict[str, str] = {}
        self._files = _remembered(root / MEMORY)
        self._changed = False

    def __getitem__(self, path: str) -> str:
        if path not in self._paths:
            self._paths[path] = self._compute(path)
        return self._paths[path]

    def save(self) -> None:
        """Remember the digests for the next process. Of two that save at once the last one wins; both are right."""
        if self._changed:
            write_text(self.root / MEMORY, json.dumps(self._files))
            self._changed = False

    def _compute(self, path: str) -> str:
        whole = self.root / path
        if whole.is_dir():
            listing = [
                {"md5": self._file(f"{path}/{name}"), "relpath": name} for name in sorted(_files_below(str(whole)))
            ]
            return _md5(json.dumps(listing, sort_keys=True).encode()) + ".dir"
        return self._file(path) if whole.is_file() else MISSING

    def _file(self, path: str) -> str:
        whole = self.root / path
        status = whole.stat()
        identity = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        known = self._files.get(path)
        if known is not None and known[0] == identity:
            return known[1]
        with open(whole, "rb") as stream:
            digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        if time.time_ns() - max(identity[1], identity[2]) > SETTLED_NS:
            self._files[path] = (identity, digest)
            self._changed = True
        return digest


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _remembered(path: Path) -> dict[str, tuple[Identity, str]]:
    try:
        return {name: (identity, digest) for name, (identity, digest) in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}  # absent or damaged: it is only a memory


def _files_below(folder: str, prefix: str = "") -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files_below(entry.path, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name
