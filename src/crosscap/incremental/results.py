"""Results of a stage, record by record: from the cache what it has, computed what is missing.

A run that was killed, one whose input changed by a hundredth and the gathering of a scattered one are the same thing:
some shards are in the cache and some are not.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from crosscap.errors import InputError
from crosscap.incremental.identity import Identity
from crosscap.incremental.limit import cache_limit, prune
from crosscap.incremental.pool import Pool, cores
from crosscap.incremental.shards import Shard, cut
from crosscap.incremental.store import CACHE, Store
from crosscap.incremental.task import Task

Record = TypeVar("Record")
Compute = Callable[[list[Any]], list[bytes]]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work(Generic[Record]):
    """What is to be done with each record.

    Attributes:
        stage: name in ``dvc.yaml``.
        start: loads the model and returns ``compute(list of records) -> list of bytes``; runs once in each process that
            computes, so it is a function of a module or a `functools.partial` of one. The result of a record must not
            depend on the others of the list, on its position or on its id.
        digest_of: the bytes that say all of a record that its result depends on.
        identity: all else that results depend on.
        shard_size: records a shard, about: what a killed run loses at most in each process.
        cache: the folder of all stages' shards.
    """

    stage: str
    start: Callable[[], Compute]
    digest_of: Callable[[Record], bytes]
    identity: Identity
    shard_size: int = 1024
    cache: Path = CACHE


@dataclass
class Counts:
    """What a run did; repeated records of a shard are neither computed nor taken from the cache."""

    records: int = 0
    shards: int = 0
    computed: int = 0
    cached: int = 0


class RecordFailed(Exception):
    """Computing the result of a record ended with an error."""


class _Job(NamedTuple):
    start: int
    records: dict[bytes, Any]
    predecessors: list[str]


class _Done(NamedTuple):
    values: dict[bytes, bytes]
    computed: int


def results(
    records: Iterable[Record], work: Work[Record], processes: int = 1, counts: Counts | None = None
) -> Iterator[bytes]:
    """Yield the result of every record, in order and in constant memory.

    Args:
        records: read as they are needed.
        work: what to do with them.
        processes: how many compute; 0 for one a core that the engine grants. The results do not depend on it.
        counts: filled while records are yielded.

    Raises:
        RecordFailed: computing raised something; it names the record. `InputError` comes as it is.
        WorkerDied: a worker process was killed.
    """
    counts, limit = counts if counts is not None else Counts(), cache_limit()
    for shard, done in _finished(cut(records, work.digest_of, work.shard_size), work, processes):
        _count(counts, shard, done.computed)
        for name in shard.order:
            yield done.values[name]
    _log(work.stage, counts)
    if dropped := prune(work.cache, limit):
        logger.info("cache: dropped %d shards that were not used for longest", len(dropped))


def run_task(
    records: Iterable[Record], work: Work[Record], task: Task, processes: int = 1, counts: Counts | None = None
) -> None:
    """Fill the cache with the shards of one task; the same errors as `results`."""
    counts = counts if counts is not None else Counts()
    mine = (shard for shard in cut(records, work.digest_of, work.shard_size) if task.has(shard.index))
    for shard, done in _finished(mine, work, processes):
        _count(counts, shard, done.computed)
        logger.info("%s %s: shard %d, %d records", work.stage, task, shard.index, len(shard.order))
    _log(f"{work.stage} {task}", counts)


def _finished(
    shards: Iterator[Shard[Record]], work: Work[Record], processes: int
) -> Iterator[tuple[Shard[Record], _Done]]:
    store = Store(work.stage, work.identity, work.cache)
    index = store.index()
    start = partial(_start, store, work.start)
    head = list(islice(shards, 2))
    # A pool for one shard would cost more than it gives.
    processes = (processes or cores()) if len(head) > 1 else 1
    waiting: deque[tuple[Shard[Record], Future[_Done] | None]] = deque()

    with ExitStack() as stack:
        pool: Pool[_Job, _Done] | None = stack.enter_context(Pool(processes, start)) if processes > 1 else None
        finish_here: list[Callable[[_Job], _Done]] = []  # made when it is needed: models are slow to load

        def job(shard: Shard[Record]) -> _Job:
            return _Job(shard.start, shard.records, index.predecessors(shard.records))

        def finish(shard: Shard[Record], future: Future[_Done] | None) -> tuple[Shard[Record], _Done]:
            if future is not None and pool is not None:
                return shard, pool.result(future)
            if (values := store.read(shard.records)) is not None:
                return shard, _Done(values, 0)
            if pool is not None:
                return shard, pool.result(pool.submit(job(shard)))
            if not finish_here:
                finish_here.append(start())
            return shard, finish_here[0](job(shard))

        for shard in chain(head, shards):
            computing = pool is not None and not store.has(shard.records)
            waiting.append((shard, pool.submit(job(shard)) if computing and pool is not None else None))
            # Bounded: shards that wait hold their records, computed ones their results too.
            while len(waiting) > (8 * processes if pool is not None else 0) or _computing(waiting) > 2 * processes:
                yield finish(*waiting.popleft())
        while waiting:
            yield finish(*waiting.popleft())


def _computing(waiting: Iterable[tuple[Any, Future[_Done] | None]]) -> int:
    return sum(future is not None for _, future in waiting)


def _start(store: Store, start: Callable[[], Compute]) -> Callable[[_Job], _Done]:
    loaded: list[Compute] = []

    def finish(job: _Job) -> _Done:
        """Take what the predecessors have, compute the rest, store the shard."""
        known = store.borrow(job.predecessors, job.records.keys())
        missing = [name for name in job.records if name not in known]
        if missing:
            if not loaded:
                loaded.append(start())
            computed = _compute(loaded[0], [job.records[name] for name in missing], job.start)
            known.update(zip(missing, computed, strict=True))
        values = {name: known[name] for name in job.records}
        store.write(values)
        return _Done(values, len(missing))

    return finish


def _compute(compute: Compute, records: list[Any], start: int) -> list[bytes]:
    try:
        values = compute(records)
    except InputError:
        raise
    except Exception as error:
        if len(records) == 1:
            raise RecordFailed(f"{_shown(records[0])}: {type(error).__name__}: {error}") from error
        for record in records:  # which one was it?
            _compute(compute, [record], start)
        raise RecordFailed(
            f"{len(records)} records from number {start} on, only when together: {type(error).__name__}: {error}"
        ) from error
    if len(values) != len(records) or not all(isinstance(value, bytes) for value in values):
        found = f"{len(values)} of {sorted({type(value).__name__ for value in values})}"
        raise RecordFailed(f"{_shown(records[0])} and following: found {found}, expected {len(records)} of bytes")
    return values


def _shown(record: Any) -> str:
    text = repr(record)
    return f"record {text if len(text) <= 200 else text[:200] + '…'}"


def _count(counts: Counts, shard: Shard[Any], computed: int) -> None:
    counts.records += len(shard.order)
    counts.shards += 1
    counts.computed += computed
    counts.cached += len(shard.records) - computed


def _log(name: str, counts: Counts) -> None:
    logger.info(
        "%s: %d records in %d shards, %d computed, %d from the cache",
        name,
        counts.records,
        counts.shards,
        counts.computed,
        counts.cached,
    )
