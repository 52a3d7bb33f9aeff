"""The size of the cache: what lies in it, and dropping what was not used for longest."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from crosscap.errors import InputError
from crosscap.incremental.store import DESCRIPTION

LIMIT_VARIABLE = "CROSSCAP_CACHE_LIMIT"
DEFAULT_LIMIT = "20GB"
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
DAY = 86_400  # seconds


class StoredShard(NamedTuple):
    """A file of the cache; ``used`` is the time of its last use, in seconds since 1970."""

    path: Path
    size: int
    used: float

    @property
    def stage(self) -> str:
        return self.path.parent.parent.name

    @property
    def identity(self) -> str:
        return self.path.parent.name

    @property
    def records(self) -> int:
        return int(self.path.name.partition("-")[0])


def parse_size(text: str, place: str = LIMIT_VARIABLE) -> int:
    """Bytes of ``20GB``, ``1.5 TB`` or ``0``; units are powers of ten.

    Raises:
        InputError: no such size.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT]?)B?", text.strip().upper(), re.ASCII)
    if match is None:
        raise InputError(place, repr(text), "a size such as 20GB")
    return int(float(match[1]) * UNITS[match[2]])


def cache_limit() -> int:
    """The limit in bytes that the user set, or `DEFAULT_LIMIT`."""
    return parse_size(os.environ.get(LIMIT_VARIABLE, DEFAULT_LIMIT))


def stored_shards(cache: Path) -> list[StoredShard]:
    """Every shard of every stage and identity."""
    shards = []
    for path in cache.glob("*/*/[0-9]*.parquet"):
        try:
            state = path.stat()
        except FileNotFoundError:
            continue  # another process pruned it
        shards.append(StoredShard(path, state.st_size, state.st_mtime))
    return shards


def prune(cache: Path, limit: int, stage: str | None = None) -> list[StoredShard]:
    """Drop the shards that were not used for longest until the cache, or one stage of it, fits into ``limit`` bytes.

    Returns what was dropped. Whoever reads one of them meanwhile computes it again.
    """
    shards = [shard for shard in stored_shards(cache) if stage in (None, shard.stage)]
    size, dropped = sum(shard.size for shard in shards), []
    for shard in sorted(shards, key=lambda shard: (shard.used, shard.path)):
        if size <= limit:
            break
        shard.path.unlink(missing_ok=True)
        size -= shard.size
        dropped.append(shard)
    _drop_remains(cache)
    return dropped


def _drop_remains(cache: Path) -> None:
    """Temporary files that killed processes left, and folders without shards: not of today, others may be at work."""
    for folder in cache.glob("*/*"):
        for path in folder.glob(".*"):
            if _age(path) > DAY:
                path.unlink(missing_ok=True)
        if _age(folder / DESCRIPTION) > DAY and not any(folder.glob("*.parquet")):
            (folder / DESCRIPTION).unlink(missing_ok=True)
            with suppress(OSError):  # somebody stores something there in this moment
                folder.rmdir()


def _age(path: Path) -> float:
    """Seconds since its last change; 0 where another process removed it."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
