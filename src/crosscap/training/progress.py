"""Progress of long work: a bar on a terminal, a line every few seconds in a log."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

from tqdm import tqdm

from crosscap.training import workers

Item = TypeVar("Item")
logger = logging.getLogger(__name__)


def progress(items: Iterable[Item], name: str, total: int | None = None, start: int = 0) -> Iterator[Item]:
    """Yield ``items`` and show how far they are; ``start`` items were done before (a resumed run)."""
    if total is None and isinstance(items, Sized):
        total = start + len(items)
    if sys.stderr.isatty() and workers.number() == 0:
        yield from tqdm(items, desc=name, total=total, initial=start)
        return
    begun = shown = time.monotonic()
    for number, item in enumerate(items, start + 1):
        yield item
        if (now := time.monotonic()) - shown >= 10:
            logger.info("%s: %d of %s, %.0f s", name, number, total if total is not None else "?", now - begun)
            shown = now
    logger.info("%s: done in %.0f s", name, time.monotonic() - begun)
