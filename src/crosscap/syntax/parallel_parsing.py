"""Parses with one process a core and one thread each; the order and the trees do not depend on how many."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from threading import Semaphore

from crosscap.syntax.dependency_parser import DependencyParser, load_parser
from crosscap.syntax.sentence_copies import SentenceCopy
from crosscap.syntax.tree import Tree

CHUNK = 1024  # sentences a task
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
_parser: DependencyParser | None = None


def parse_in_processes(model: str | Path, copies: Sequence[SentenceCopy], processes: int = 0) -> Iterator[Tree]:
    """Yield one tree a copy, in order, named by the copy's id.

    Args:
        model: folder of a dependency parser.
        copies: the sentences.
        processes: how many; 0 for one a core.
    """
    chunks = [list(copies[start : start + CHUNK]) for start in range(0, len(copies), CHUNK)]
    processes = min(processes or len(os.sched_getaffinity(0)), len(chunks))
    if processes <= 1:
        parser = load_parser(model)
        for chunk in chunks:
            yield from _parse_with(parser, chunk)
        return
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))  # new interpreters read them at start
    try:
        pool = multiprocessing.get_context("spawn").Pool(processes, _start, (str(model),))
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
    with pool:
        # At most two tasks a process ahead of the reader: memory stays constant.
        ahead = Semaphore(2 * processes)
        for trees in pool.imap(_parse_chunk, _paced(chunks, ahead)):
            ahead.release()
            yield from trees


def _paced(chunks: Sequence[list[SentenceCopy]], ahead: Semaphore) -> Iterator[list[SentenceCopy]]:
    for chunk in islice(chunks, None):
        ahead.acquire()
        yield chunk


def _start(model: str) -> None:
    global _parser
    import torch

    torch.set_num_threads(1)
    _parser = load_parser(model)


def _parse_chunk(chunk: list[SentenceCopy]) -> list[Tree]:
    assert _parser is not None
    return _parse_with(_parser, chunk)


def _parse_with(parser: DependencyParser, chunk: list[SentenceCopy]) -> list[Tree]:
    trees = parser.parse([copy.words for copy in chunk])
    return [tree._replace(id=copy.id) for copy, tree in zip(chunk, trees, strict=True)]
