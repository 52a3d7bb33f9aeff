"""What every stage does around its work: logging, locks, a record of the run, and errors as one clear line."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable

from crosscap.config.loader import UndeclaredParameter
from crosscap.engine_lock import SNAKEMAKE, EngineBusy, current_engine, hold
from crosscap.errors import InputError
from crosscap.run_records import lock_of, recorded, run_name


def run(main: Callable[[], None]) -> None:
    """Run a stage's ``main``: an `InputError` becomes one message on stderr and exit code 1, no traceback."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    _leave_by_exception_on(signal.SIGTERM, signal.SIGHUP)
    engine, name = current_engine(), run_name(sys.argv)
    try:
        if engine != SNAKEMAKE:
            hold(engine)  # until the process ends
        _take_turn(name)
        with recorded(sys.argv, engine):
            main()
    except (InputError, UndeclaredParameter, EngineBusy) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)


def use_threads(count: int) -> None:
    """Limit numerical libraries to ``count`` threads, 0 for all cores. A parameter: results on CPU depend on it."""
    import torch

    torch.set_num_threads(count or os.cpu_count() or 1)


def _take_turn(name: str) -> None:
    """Hold the stage's own lock until the process ends; wait for another process of the same stage."""
    lock = lock_of(name)
    if not lock.acquire(name, wait=False):
        logging.info("waiting for %s to end: it runs the same stage", lock.holder() or "another process")
        lock.acquire(name)


def _leave_by_exception_on(*signals: signal.Signals) -> None:
    """Let a polite kill unwind the stack, so that temporaries are removed and the record says how it ended."""

    def leave(number: int, frame: object) -> None:
        sys.exit(128 + number)

    for number in signals:
        if signal.getsignal(number) is signal.SIG_DFL:  # else somebody wants it otherwise: nohup, a test
            signal.signal(number, leave)
