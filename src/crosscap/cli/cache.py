"""``crosscap cache``: what is kept of finished work, and what of it is still of use."""

from __future__ import annotations

import argparse
import time
from itertools import groupby
from pathlib import Path

from crosscap.errors import InputError
from crosscap.incremental.identity import Identity, stage_identity
from crosscap.incremental.limit import StoredShard, cache_limit, parse_size, prune, stored_shards
from crosscap.incremental.store import CACHE, DESCRIPTION

UNITS = ("B", "kB", "MB", "GB", "TB")
MOST_DIFFERENCES = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("show", help="a line for each stage and identity (the default)")
    pruning = actions.add_parser("prune", help="drop what was not used for longest")
    size = pruning.add_mutually_exclusive_group()
    size.add_argument("--limit", metavar="SIZE", help="keep at most SIZE (5GB); default: CROSSCAP_CACHE_LIMIT, or 20GB")
    size.add_argument("--all", action="store_true", help="keep nothing")
    pruning.add_argument("--stage", metavar="NAME", help="prune this stage alone")


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "prune":
        limit = 0 if arguments.all else parse_size(arguments.limit, "--limit") if arguments.limit else cache_limit()
        print(drop(limit, arguments.stage))
    else:
        print(show())
    return 0


def show(cache: Path = CACHE, root: Path = Path()) -> str:
    """A line for each stage and identity: shards, records, size, last use, and whether a run would use them now."""
    shards = sorted(stored_shards(cache), key=lambda shard: (shard.stage, shard.identity))
    rows = [("stage", "identity", "shards", "records", "size", "last use", "current")]
    for (stage, identity), group in groupby(shards, key=lambda shard: (shard.stage, shard.identity)):
        some = list(group)
        used = time.strftime("%Y-%m-%d %H:%M", time.localtime(max(shard.used for shard in some)))
        counts = f"{len(some):,}", f"{sum(shard.records for shard in some):,}", shown_size(some)
        rows.append((stage, identity, *counts, used, currency(stage, cache / stage / identity, root)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = []
    for stage, identity, *numbers, used, current in rows:
        cells = [stage.ljust(widths[0]), identity.ljust(widths[1])]
        cells += [number.rjust(width) for number, width in zip(numbers, widths[2:], strict=False)]
        lines.append("  ".join([*cells, used.ljust(widths[5]), current]))
    return "\n".join([*lines, f"{shown_size(shards)} of at most {_size(cache_limit())} (CROSSCAP_CACHE_LIMIT)"])


def drop(limit: int, stage: str | None, cache: Path = CACHE) -> str:
    """Prune and say what went.

    Raises:
        InputError: nothing is kept of a stage of this name.
    """
    stages = {shard.stage for shard in stored_shards(cache)}
    if stage is not None and stage not in stages:
        raise InputError(cache, f"nothing of a stage {stage!r}", f"one of {sorted(stages)}")
    dropped = prune(cache, limit, stage)
    return f"dropped {len(dropped):,} shards, {shown_size(dropped)}; kept {shown_size(stored_shards(cache))}"


def currency(stage: str, folder: Path, root: Path) -> str:
    """``yes``, or ``no`` with what changed since."""
    try:
        then = Identity.read(folder / DESCRIPTION)
        changed = then.differences(stage_identity(stage, then.model_paths, then.ignoring, root))
    except InputError as error:
        return f"no: {error}"
    if not changed:
        return "yes"
    more = len(changed) - MOST_DIFFERENCES
    return "no: " + "; ".join(changed[:MOST_DIFFERENCES]) + (f"; {more} more" if more > 0 else "")


def shown_size(shards: list[StoredShard]) -> str:
    return _size(sum(shard.size for shard in shards))


def _size(count: float) -> str:
    unit = 0
    while count >= 1000 and unit < len(UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.1f} {UNITS[unit]}" if unit else f"{count:.0f} B"
