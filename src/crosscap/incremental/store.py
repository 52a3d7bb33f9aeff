"""Finished shards on disk: ``work/cache/<stage>/<identity>/<shard>.parquet``."""

from __future__ import annotations

import hashlib
import logging
import os
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from heapq import nsmallest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crosscap.incremental.identity import Identity
from crosscap.incremental.shards import DIGEST_BYTES
from crosscap.io.artifacts import atomic_path, write_json

CACHE = Path("work/cache")
DESCRIPTION = "identity.json"
LOWEST = 4  # anchors beside the first and the last record
MOST_PREDECESSORS = 6  # shards read for one that is new; a moved boundary needs two
SCHEMA = pa.schema([("record", pa.binary(DIGEST_BYTES)), ("value", pa.binary())])
logger = logging.getLogger(__name__)


class Store:
    """The shards of one stage and identity. Any number of processes may use one folder at once.

    A shard's name says all that is needed to find it: how many records it has, its *anchors* (the start of the digests
    of its first, its last and its lowest records) and its key. Two shards that have most records in common share an
    anchor, so the shard that a changed one came from is found by listing the folder, without opening a file.
    """

    def __init__(self, stage: str, identity: Identity, cache: Path = CACHE) -> None:
        self.identity, self.digest = identity, identity.digest
        self.folder = cache / stage / self.digest[:16]

    def name(self, records: Collection[bytes]) -> str:
        """The file name of the shard of these digests (each once, in order)."""
        key = hashlib.sha256(self.digest.encode() + b"".join(records)).hexdigest()[:32]
        return f"{len(records):07d}-{'-'.join(_anchors(records))}-{key}.parquet"

    def has(self, records: Collection[bytes]) -> bool:
        return (self.folder / self.name(records)).is_file()

    def read(self, records: Collection[bytes]) -> dict[bytes, bytes] | None:
        """The value of every record of a shard, or nothing where it is missing or damaged; marks it as used."""
        path = self.folder / self.name(records)
        values = self._load(path)
        if values is None:
            return None
        if list(values) != list(records):
            self._drop(path, "other records than its name says")
            return None
        with suppress(FileNotFoundError):  # pruned by another process in this moment; its values are here
            os.utime(path)  # pruning drops what was not used for longest
        return values

    def write(self, values: Mapping[bytes, bytes]) -> None:
        """Store a finished shard, whole or not at all, and beside it what its results depend on."""
        if not (self.folder / DESCRIPTION).is_file():
            write_json(self.folder / DESCRIPTION, self.identity.as_json())
        table = pa.table({"record": list(values), "value": list(values.values())}, schema=SCHEMA)
        table = table.replace_schema_metadata({"checksum": _checksum(values)})
        with atomic_path(self.folder / self.name(values)) as temporary:
            pq.write_table(table, temporary, compression="zstd")

    def index(self) -> Index:
        return Index(self.folder)

    def borrow(self, names: Collection[str], wanted: Collection[bytes]) -> dict[bytes, bytes]:
        """Values of ``wanted`` records from the shards called ``names``, as far as they have them."""
        found: dict[bytes, bytes] = {}
        for name in names:
            if len(found) == len(wanted):
                break
            values = self._load(self.folder / name) or {}
            found.update((record, values[record]) for record in wanted if record in values)
        return found

    def _load(self, path: Path) -> dict[bytes, bytes] | None:
        try:
            with pq.ParquetFile(path) as file:
                table = file.read(use_threads=False)
        except FileNotFoundError:
            return None
        except (pa.ArrowException, OSError) as error:
            self._drop(path, str(error).splitlines()[0])
            return None
        if not table.schema.equals(SCHEMA):
            self._drop(path, f"the columns {table.column_names}")
            return None
        values = dict(zip(table["record"].to_pylist(), table["value"].to_pylist(), strict=True))
        if None in values.values() or (table.schema.metadata or {}).get(b"checksum") != _checksum(values).encode():
            self._drop(path, "content that does not match its checksum")
            return None
        return values

    def _drop(self, path: Path, found: str) -> None:
        logger.warning("%s: found %s, expected a shard; dropped, it will be computed again", path, found)
        path.unlink(missing_ok=True)


class Index:
    """Which shards of a folder have an anchor, as they lay there when it was made."""

    def __init__(self, folder: Path) -> None:
        self._shards: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(folder.glob("[0-9]*.parquet")):
            for anchor in set(path.stem.split("-")[1:-1]):
                self._shards[anchor].append(path.name)

    def predecessors(self, records: Collection[bytes]) -> list[str]:
        """Names of the shards that share the most anchors with the shard of these digests."""
        shared = Counter(name for anchor in set(_anchors(records)) for name in self._shards.get(anchor, ()))
        return [name for name, _ in shared.most_common(MOST_PREDECESSORS)]


def _anchors(records: Collection[bytes]) -> list[str]:
    names = list(records)
    return [name[:4].hex() for name in (names[0], names[-1], *nsmallest(LOWEST, names))]


def _checksum(values: Mapping[bytes, bytes]) -> str:
    whole = hashlib.sha256()
    for record, value in values.items():
        whole.update(record + len(value).to_bytes(8, "big") + value)
    return whole.hexdigest()
