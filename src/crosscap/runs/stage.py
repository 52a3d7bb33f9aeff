"""What every stage does around its work: logging, locks, a record of the run, and errors as one clear line."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from crosscap.config.loader import UndeclaredParameter
from crosscap.errors import InputError
from crosscap.io import leftovers
from crosscap.io.disk_space import full_disk
from crosscap.runs.code_copies import keep_code
from crosscap.runs.engine_lock import SNAKEMAKE, EngineBusy, current_engine, hold
from crosscap.runs.engine_watch import end_with_engine
from crosscap.runs.inputs import ChangedWhileRunning, require_unchanged, run_inputs
from crosscap.runs.records import LOCKS, lock_of, recorded, run_name
from crosscap.runs.recovery import keep_lock
from crosscap.training import work_folders, workers


def run(main: Callable[[], None]) -> None:
    """Run a stage's ``main``: an `InputError` or a full disk becomes one message on stderr and exit code 1.

    The stage takes its turn when another process of it still runs, ends when its engine is killed, and first removes
    what a killed run of it left.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    try:
        _leave_by_exception_on(signal.SIGTERM, signal.SIGHUP)
        end_with_engine()
        if workers.is_worker():
            _work(main)
            return
        engine = current_engine()
        if engine != SNAKEMAKE:
            hold(engine)  # until the process ends
        name = run_name(sys.argv)
        _take_turn(name)
        _sweep(name)
        keep_code(sys.argv[0])
        keep_lock()
        with recorded(sys.argv, engine):
            before = run_inputs(sys.argv[0])
            main()
            require_unchanged(before, sys.argv[0])
    except (UndeclaredParameter, EngineBusy, ChangedWhileRunning) as error:
        _fail(error)
    except Exception as error:
        full = error if isinstance(error, InputError) else full_disk(error)
        if full is None:
            raise
        _fail(full)


def _work(main: Callable[[], None]) -> None:
    """Run ``main`` as one of several processes of a stage; another has the locks and writes the record."""
    workers.end_with_starter()
    os.environ[work_folders.RUN] = run_name(sys.argv)
    if workers.number() > 0:
        logging.getLogger().setLevel(logging.WARNING)
    main()


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


def _sweep(name: str) -> None:
    journal = (LOCKS / f"{name}.temporaries").absolute()
    for path in (*leftovers.sweep(journal), *work_folders.sweep(Path("work"))):
        logging.info("removed %s, left by an earlier run", path)
    os.environ[leftovers.VARIABLE] = str(journal)
    os.environ[work_folders.RUN] = name


def _leave_by_exception_on(*signals: signal.Signals) -> None:
    """Let a polite kill unwind the stack, so that temporaries are removed and the record says how it ended."""

    def leave(number: int, frame: object) -> None:
        sys.exit(128 + number)

    for number in signals:
        if signal.getsignal(number) is signal.SIG_DFL:  # else somebody wants it otherwise: nohup, a test
            signal.signal(number, leave)


def _fail(error: Exception) -> None:
    if workers.number() > 0:
        time.sleep(2 * workers.GRACE)  # most often number 0 says the same, and this process is ended
    print(f"error: {error}", file=sys.stderr)
    sys.exit(1)
