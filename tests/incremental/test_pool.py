"""Workers: their errors reach the caller, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.incremental.pool import WorkerDied
from crosscap.incremental.results import Counts, RecordFailed, results

from .toy import done, sentences, shout, work

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_names_its_record_and_what_was_finished_stays(tmp_path: Path, processes: int) -> None:
    records = sentences(600)
    broken = [*records[:500], "raise", *records[500:]]
    with pytest.raises(RecordFailed, match=r"^record 'raise': ZeroDivisionError: by nothing$"):
        done(broken, work(tmp_path, 16), processes)
    assert done(records, work(tmp_path, 16))[1].cached >= 300


@pytest.mark.parametrize("processes", [1, 2])
def test_an_input_error_arrives_as_it_is(tmp_path: Path, processes: int) -> None:
    with pytest.raises(InputError, match=r"^corpus\.en, line 7: found a bad line, expected a good one\. Mend it\.$"):
        done([*sentences(100), "mend"], work(tmp_path, 16), processes)


def test_a_killed_worker_is_an_error_and_no_wait_without_end(tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(WorkerDied, match="a worker process was killed"):
        done([*sentences(300), "die", *sentences(300, 1)], work(tmp_path, 16), 2)
    assert time.monotonic() - begun < 30


def test_a_function_that_answers_too_little_is_an_error(tmp_path: Path) -> None:
    short = replace(work(tmp_path), start=lambda: lambda records: [b""] * (len(records) - 1))
    with pytest.raises(RecordFailed, match=r"found 2 of \['bytes'\], expected 3 of bytes"):
        done(["a", "b", "c"], short)


def test_workers_compute_with_one_thread_and_the_caller_keeps_his(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    out, _ = done([*sentences(100), "threads"], work(tmp_path, 16), 2)
    assert out[-1] == b"1 1 1 1"
    assert os.environ["OMP_NUM_THREADS"] == "7" and "MKL_NUM_THREADS" not in os.environ


def test_workers_end_when_the_caller_stops_reading(tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    stream = results(sentences(1000), work(tmp_path, 16, 0.05, noted), 2)
    next(stream)
    workers = workers_in(noted)
    begun = time.monotonic()
    stream.close()
    assert workers and not alive(workers) and time.monotonic() - begun < 5


def test_killed_in_the_middle_a_run_leaves_no_worker_and_the_next_computes_what_is_missing(tmp_path: Path) -> None:
    cache, noted, count = tmp_path / "cache", tmp_path / "noted", 800
    command = [sys.executable, "-m", "tests.incremental.toy", str(cache), str(noted), "0.1", "2", str(count)]
    killed = subprocess.Popen(command, cwd=ROOT)
    wait_until(lambda: len(list(cache.rglob("[0-9]*.parquet"))) >= 12)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    workers = workers_in(noted)
    assert len(workers) == 2 and killed.pid not in workers
    wait_until(lambda: not alive(workers))
    stored = sum(int(path.name.partition("-")[0]) for path in cache.rglob("[0-9]*.parquet"))
    out, counts = done(sentences(count), work(cache, 16))
    assert out == [shout(record) for record in sentences(count)]
    assert isinstance(counts, Counts) and 0 < stored < count
    assert (counts.cached, counts.computed) == (stored, count - stored)


def workers_in(noted: Path) -> set[int]:
    return {int(line.split()[0]) for line in noted.read_text().splitlines()}


def alive(processes: set[int]) -> set[int]:
    """Those that still run; a zombie does not."""
    running = set()
    for process in processes:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            continue
        if state != "Z":
            running.add(process)
    return running


def wait_until(condition: object, seconds: float = 20) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
