"""Worker processes that never outlive their parent, and whose death is an error instead of a wait without end."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection, wait
from threading import Thread
from types import TracebackType
from typing import Any, Generic, TypeVar

Job = TypeVar("Job")
Done = TypeVar("Done")

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")


def cores() -> int:
    """How many processes this one may run: what Snakemake granted its job, else the cores of the machine."""
    granted = os.environ.get("CROSSCAP_CORES", "")
    return int(granted) if granted.isdecimal() and int(granted) else len(os.sched_getaffinity(0))


class WorkerDied(Exception):
    """A worker process ended before its work was done."""


class Pool(Generic[Job, Done]):
    """Calls a function in other processes, one numerical thread each.

    Workers are started afresh (spawn), when there is work for them. They end when the pool is left, when it is left by
    an exception at once, and when the parent is gone, however it went.

    Args:
        processes: how many at most.
        start: called in each worker once, makes the function; picklable.
    """

    def __init__(self, processes: int, start: Callable[[], Callable[[Job], Done]]) -> None:
        context = multiprocessing.get_context("spawn")
        # Only the parent holds the writing end: it closes with the parent, or when the parent closes it.
        self._lifeline, self._held = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(processes, context, _begin, (self._lifeline, start))

    def submit(self, job: Job) -> Future[Done]:
        before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
        os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))  # a new interpreter reads them at its start
        try:
            return self._executor.submit(_call, job)
        except BrokenProcessPool as error:
            raise _death() from error
        finally:
            for name, value in before.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value

    def result(self, future: Future[Done]) -> Done:
        """Wait for a job.

        Raises:
            WorkerDied: a worker was killed.
            Exception: whatever the function raised.
        """
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise _death() from error

    def __enter__(self) -> Pool[Job, Done]:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        if kind is not None:
            self._held.close()  # nobody waits for what is still being computed
        self._executor.shutdown(cancel_futures=True)
        self._held.close()
        self._lifeline.close()


def _death() -> WorkerDied:
    return WorkerDied(
        "a worker process was killed: by the system for lack of memory, or by hand. "
        "What was finished is kept; run again, with fewer --processes if memory was short"
    )


_start: Callable[[], Callable[[Any], Any]] | None = None
_function: Callable[[Any], Any] | None = None


def _begin(lifeline: Connection, start: Callable[[], Callable[[Any], Any]]) -> None:
    global _start
    _start = start
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent answers it
    Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()


def _end_with_parent(lifeline: Connection) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([lifeline, parent.sentinel])
    os._exit(1)


def _call(job: Any) -> Any:
    global _function
    if _function is None:  # here and not in `_begin`, so that an error while loading reaches the parent as it is
        assert _start is not None
        _function = _start()
    return _function(job)
