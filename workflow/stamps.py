"""Stamps: what Snakemake sees of a finished stage.

A stamp is a file named by the stage's key, so a changed parameter or line of code is a *missing file* to Snakemake and
modification times play no part. It holds the stage's record; a stamp whose record no longer holds is dropped, and a
stage that ``dvc.lock`` proves fresh is given one. After a run, what Snakemake made is committed to ``dvc.lock``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from crosscap.io.artifacts import atomic_path
from workflow.dag import Stage
from workflow.digests import Digests
from workflow.dvc_commit import commit_stages
from workflow.records import Record, current_record, holds, read_lock

FOLDER = Path("work/stamps")
CONSTANT_TIME = (1_000_000_000, 1_000_000_000)  # equal times: Snakemake never finds an input newer than an output


def stamp_path(stage: Stage, key: str) -> Path:
    return FOLDER / f"{stage.rule}.{key}"


def write_stamp(stage: Stage, key: str, digests: Digests) -> None:
    """Record that the outputs of ``stage`` as they stand were made under ``key``, in place of its other stamps.

    Raises:
        FileNotFoundError: the stage left one of its outputs unwritten.
    """
    missing = [path for path in stage.outputs if not (digests.root / path).exists()]
    if missing:
        raise FileNotFoundError(f"stage {stage.name} ended without writing {', '.join(missing)}")
    path = digests.root / stamp_path(stage, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary:
        temporary.write_text(current_record(stage, digests).as_json(), encoding="utf-8")
        os.utime(temporary, CONSTANT_TIME)
    for stale in path.parent.glob(f"{stage.rule}.*"):
        if stale != path:
            stale.unlink(missing_ok=True)


def read_stamp(stage: Stage, key: str, root: Path = Path()) -> Record | None:
    """The record of a stage under ``key``; None when there is none, or the file is damaged."""
    path = root / stamp_path(stage, key)
    return Record.from_json(path.read_text(encoding="utf-8", errors="replace")) if path.is_file() else None


def known_records(stage: Stage, root: Path = Path()) -> Iterator[Record]:
    """Every record of the stage that is at hand: those of its stamps under any key, and that of ``dvc.lock``."""
    for path in sorted((root / FOLDER).glob(f"{stage.rule}.*")):
        record = Record.from_json(path.read_text(encoding="utf-8", errors="replace"))
        if record is not None:
            yield record
    locked = read_lock(root).get(stage.name)
    if locked is not None:
        yield locked


def fresh_stages(stages: Mapping[str, Stage], keys: Mapping[str, str], digests: Digests) -> set[str]:
    """The stages whose stamp or lock entry holds, and whose upstream is fresh. Writes nothing."""
    lock = read_lock(digests.root)
    fresh: set[str] = set()
    for name, stage in stages.items():
        if set(stage.upstream) <= fresh:
            records = (read_stamp(stage, keys[name], digests.root), lock.get(name))
            if any(holds(stage, record, digests) for record in records):
                fresh.add(name)
    return fresh


def refresh_stamps(stages: Mapping[str, Stage], keys: Mapping[str, str], digests: Digests) -> set[str]:
    """Make the stamps true: drop those that lie, add those that ``dvc.lock`` proves. Returns the fresh stages."""
    fresh = fresh_stages(stages, keys, digests)
    for name, stage in stages.items():
        path = digests.root / stamp_path(stage, keys[name])
        if name not in fresh:
            path.unlink(missing_ok=True)
        elif not holds(stage, read_stamp(stage, keys[name], digests.root), digests):
            write_stamp(stage, keys[name], digests)
        else:
            os.utime(path, CONSTANT_TIME)  # Snakemake touches what a job made
    return fresh


def commit_to_dvc(stages: Mapping[str, Stage], fresh: Iterable[str], digests: Digests) -> list[str]:
    """Record in ``dvc.lock`` (and DVC's cache) every fresh stage that it does not yet hold. Returns their names.

    Raises:
        RuntimeError: something changed meanwhile, so that what DVC recorded is not what was found fresh.
    """
    lock = read_lock(digests.root)
    names = [name for name in stages if name in set(fresh) and not holds(stages[name], lock.get(name), digests)]
    if names:
        commit_stages(names, digests.root)
        lock = read_lock(digests.root)
        wrong = [name for name in names if not holds(stages[name], lock.get(name), digests)]
        if wrong:
            raise RuntimeError(f"{', '.join(wrong)}: changed while being recorded in dvc.lock; start again")
    return names
