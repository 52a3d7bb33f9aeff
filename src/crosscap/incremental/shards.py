"""Records, cut into shards where their content says so.

Fixed-size shards would all shift when one record is inserted at the top. Here a shard ends after a record whose digest
is below a threshold, so boundaries move with the records (content-defined chunking, as in rsync-like tools).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Record = TypeVar("Record")

DIGEST_BYTES = 16


@dataclass
class Shard(Generic[Record]):
    """Consecutive records of one input.

    Attributes:
        index: its number among the shards of the input, from 0.
        start: position of its first record in the input, from 0.
        order: digest of each record, repeated ones too.
        records: the record of each digest, in the order of their first appearance.
    """

    index: int
    start: int
    order: list[bytes] = field(default_factory=list)
    records: dict[bytes, Record] = field(default_factory=dict)


def digest(content: bytes) -> bytes:
    """Name of a record's content, `DIGEST_BYTES` long."""
    return hashlib.sha256(content).digest()[:DIGEST_BYTES]


def cut(records: Iterable[Record], digest_of: Callable[[Record], bytes], size: int) -> Iterator[Shard[Record]]:
    """Cut a stream of records into shards of about ``size``, at least a quarter and at most four times that.

    Holds one shard at a time.

    Args:
        records: anything that can be pickled.
        digest_of: the bytes that say all that tells a record from another.
        size: records a shard, on average.

    Raises:
        ValueError: ``size`` is below 1.
    """
    if size < 1:
        raise ValueError(f"found a shard size of {size}, expected at least 1")
    smallest, largest = size // 4, 4 * size
    threshold = 2**64 // (size - smallest)  # past the smallest size, one record in ``size - smallest`` ends a shard
    shard: Shard[Record] = Shard(0, 0)
    for record in records:
        name = digest(digest_of(record))
        shard.order.append(name)
        shard.records.setdefault(name, record)
        # The second half: `Store` sorts by the first, and what ends a shard must not be what it is found by.
        ends = int.from_bytes(name[8:], "big") < threshold
        if (ends and len(shard.order) >= smallest) or len(shard.order) == largest:
            yield shard
            shard = Shard(shard.index + 1, shard.start + len(shard.order))
    if shard.order:
        yield shard
