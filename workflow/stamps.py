"""Stamps: what Snakemake sees of a finished stage.

A stamp is a file named by the stage's key, so a changed parameter or line of code is a *missing file* to Snakemake and
modification times play no part. It records the digests of the outputs; a stamp whose outputs changed is dropped, and a
stage that ``dvc.lock`` proves fresh is given one. After a run, what Snakemake made is committed to ``dvc.lock``.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from workflow.dag import Stage
from workflow.keys import content_digest

FOLDER = Path("work/stamps")
CONSTANT_TIME = (1_000_000_000, 1_000_000_000)  # equal times: Snakemake never finds an input newer than an output


def stamp_path(stage: Stage, key: str) -> Path:
    return FOLDER / f"{stage.rule}.{key}"


def write_stamp(stage: Stage, key: str, root: Path = Path()) -> None:
    """Record that the outputs of ``stage`` as they stand were made under ``key``.

    Raises:
        FileNotFoundError: the stage left one of its outputs unwritten.
    """
    missing = [path for path in stage.outputs if not (root / path).exists()]
    if missing:
        raise FileNotFoundError(f"stage {stage.name} ended without writing {', '.join(missing)}")
    outputs = {path: {"digest": content_digest(root / path), "state": _state(root / path)} for path in stage.outputs}
    path = root / stamp_path(stage, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    for stale in path.parent.glob(f"{stage.rule}.*"):
        stale.unlink()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps({"stage": stage.name, "outputs": outputs}, indent=1), encoding="utf-8")
    os.utime(temporary, CONSTANT_TIME)
    os.replace(temporary, path)


def refresh_stamps(stages: Mapping[str, Stage], keys: Mapping[str, str], root: Path = Path()) -> set[str]:
    """Make the stamps true: drop those that lie, add those that ``dvc.lock`` proves. Returns the fresh stages."""
    lock = _read_lock(root)
    digests = _Digests(root)
    fresh: set[str] = set()
    for name, stage in stages.items():
        if set(stage.upstream) <= fresh and (
            _stamp_holds(stage, keys[name], root) or _adopt(stage, keys[name], lock, digests, root)
        ):
            fresh.add(name)
        else:
            (root / stamp_path(stage, keys[name])).unlink(missing_ok=True)
    return fresh


def commit_to_dvc(stages: Mapping[str, Stage], fresh: Iterable[str], root: Path = Path()) -> list[str]:
    """Record in ``dvc.lock`` (and DVC's cache) every fresh stage that it does not yet hold. Returns their names."""
    lock, digests = _read_lock(root), _Digests(root)
    names = [name for name in fresh if not _lock_proves(stages[name], lock, digests)]
    if names:
        from dvc.repo import Repo  # slow to import, and not needed on a cluster's nodes

        with Repo(str(root)) as repository:
            for name in names:
                repository.commit(name, force=True)
    return names


class _Digests:
    """Digests of paths, each computed once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known: dict[str, str] = {}

    def __getitem__(self, path: str) -> str:
        if path not in self.known:
            self.known[path] = content_digest(self.root / path)
        return self.known[path]


def _stamp_holds(stage: Stage, key: str, root: Path) -> bool:
    path = root / stamp_path(stage, key)
    if not path.is_file():
        return False
    outputs = json.loads(path.read_text(encoding="utf-8"))["outputs"]
    if set(outputs) != set(stage.outputs):
        return False
    changed = [name for name, record in outputs.items() if _state(root / name) != record["state"]]
    if not all(content_digest(root / name) == outputs[name]["digest"] for name in changed):
        return False
    if changed:
        write_stamp(stage, key, root)
    os.utime(path, CONSTANT_TIME)  # Snakemake touches what a job made
    return True


def _adopt(stage: Stage, key: str, lock: Mapping[str, Any], digests: _Digests, root: Path) -> bool:
    if not _lock_proves(stage, lock, digests):
        return False
    write_stamp(stage, key, root)
    return True


def _lock_proves(stage: Stage, lock: Mapping[str, Any], digests: _Digests) -> bool:
    entry = lock.get(stage.name)
    if entry is None or entry.get("cmd") != stage.command:
        return False
    parameters = entry.get("params", {}).get("params.yaml", {})
    recorded = {item["path"]: item.get("md5") for item in (*entry.get("deps", ()), *entry.get("outs", ()))}
    return (
        parameters == dict(stage.parameters)
        and set(recorded) == {*stage.inputs, *stage.outputs}
        and all(digests[path] == digest for path, digest in recorded.items())
    )


def _read_lock(root: Path) -> Mapping[str, Any]:
    path = root / "dvc.lock"
    if not path.is_file():
        return {}
    return (yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader) or {}).get("stages", {})  # noqa: S506, it is safe


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # both are safe; the C one is ten times faster


def _state(path: Path) -> str:
    """Sizes and modification times of a file, or of everything in a folder: cheap to compare, no proof of equality."""
    if not path.exists():
        return "missing"
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    listing = [(str(file.relative_to(path)), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(json.dumps(listing).encode()).hexdigest()[:20]
