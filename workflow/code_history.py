"""What a code file said when a stage ran: the stages keep copies by digest, and git keeps what was committed."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable
from difflib import unified_diff
from pathlib import Path

COPIES = Path("work/code")  # each file's name is the MD5 of its bytes
Version = tuple[str, str]  # path and MD5


class CodeHistory:
    """The texts of ``wanted``, found all at once: git is asked twice, whatever their number."""

    def __init__(self, root: Path, wanted: Iterable[Version]) -> None:
        self.root = root
        self._texts: dict[Version, bytes] = {}
        missing: set[Version] = set()
        for path, md5 in set(wanted):
            text = _read(root / COPIES / md5)
            if text is not None and _md5(text) == md5:
                self._texts[path, md5] = text
            else:
                missing.add((path, md5))
        if missing:
            self._texts |= _committed(root, missing)

    def text(self, path: str, md5: str) -> bytes | None:
        """The bytes of that version; None when nobody kept them."""
        return self._texts.get((path, md5))

    def current(self, path: str) -> bytes | None:
        """The bytes of the file as it stands; None when it cannot be read."""
        return _read(self.root / path)

    def diff(self, path: str, md5: str) -> list[str] | None:
        """Lines of a unified diff from that version to the file as it stands; None when either is not known."""
        old, new = self.text(path, md5), self.current(path)
        if old is None or new is None:
            return None
        texts = (text.decode("utf-8", errors="replace").splitlines() for text in (old, new))
        return list(unified_diff(*texts, f"{path} (when it ran)", f"{path} (now)", lineterm=""))


def _committed(root: Path, wanted: set[Version]) -> dict[Version, bytes]:
    paths = sorted({path for path, _ in wanted})
    log = _git(
        root, "log", "--all", "-m", "--format=", "--raw", "--no-abbrev", "--no-renames", "--relative", "--", *paths
    )
    if log is None:
        return {}
    blobs: dict[str, set[str]] = {}  # the names of a blob
    for line in log.decode("utf-8", errors="replace").splitlines():
        state, _, path = line.partition("\t")
        for blob in state.split()[2:4]:
            if set(blob) != {"0"}:
                blobs.setdefault(blob, set()).add(path)
    content = _git(root, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs).encode())
    found = {}
    start = 0
    while content and start < len(content):
        end = content.index(b"\n", start)
        blob, _, size = content[start:end].decode().rpartition(" ")
        if not size.isdigit():  # "… missing": a shallow or partial clone
            start = end + 1
            continue
        text = content[end + 1 : end + 1 + int(size)]
        start = end + 1 + int(size) + 1
        for path in blobs.get(blob.split()[0], ()):
            if (version := (path, _md5(text))) in wanted:
                found[version] = text
    return found


def _git(root: Path, *words: str, given: bytes = b"") -> bytes | None:
    try:
        result = subprocess.run(
            ["git", "-c", "core.quotepath=false", "-C", str(root), *words], input=given, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None  # no git, or no repository
    return result.stdout


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
