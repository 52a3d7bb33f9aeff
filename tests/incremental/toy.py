"""Work that costs nothing, and work that misbehaves."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from crosscap.errors import InputError
from crosscap.incremental.identity import Identity
from crosscap.incremental.pool import THREAD_VARIABLES
from crosscap.incremental.results import Counts, Work, results


def shout(record: str) -> bytes:
    return record.upper().encode()


def start(seconds: float, noted: Path | None) -> Callable[[list[str]], list[bytes]]:
    """Compute slowly, and note the process and the number of records in the file ``noted``."""

    def compute(records: list[str]) -> list[bytes]:
        if noted is not None:
            with open(noted, "a") as stream:
                stream.write(f"{os.getpid()} {len(records)}\n")
        time.sleep(seconds)
        return [_answer(record) for record in records]

    return compute


def _answer(record: str) -> bytes:
    if record == "raise":
        raise ZeroDivisionError("by nothing")
    if record == "mend":
        raise InputError("corpus.en", "a bad line", "a good one", "Mend it.", 7)
    if record == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if record == "threads":
        return " ".join(os.environ.get(name, "?") for name in THREAD_VARIABLES).encode()
    return shout(record)


def work(
    cache: Path, shard_size: int = 64, seconds: float = 0.0, noted: Path | None = None, **parameters: object
) -> Work[str]:
    return Work("toy", partial(start, seconds, noted), str.encode, Identity(parameters), shard_size, cache)


def sentences(count: int, seed: int = 0) -> list[str]:
    generator = random.Random(seed)
    return [f"sentence {generator.getrandbits(64):x}" for _ in range(count)]


def done(records: Iterable[str], job: Work[str], processes: int = 1) -> tuple[list[bytes], Counts]:
    counts = Counts()
    return list(results(records, job, processes, counts)), counts


if __name__ == "__main__":  # python -m tests.incremental.toy CACHE NOTED SECONDS PROCESSES COUNT
    cache, noted, pause, count_of_processes, count_of_records = sys.argv[1:]
    slow = work(Path(cache), 16, float(pause), Path(noted))
    out, _ = done(sentences(int(count_of_records)), slow, int(count_of_processes))
    assert out == [shout(record) for record in sentences(int(count_of_records))]
