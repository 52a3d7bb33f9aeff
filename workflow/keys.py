"""A key names one result of a stage: the same command, parameters, code and inputs, the same key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from workflow.dag import Stage, leaf_inputs


def stage_keys(stages: Mapping[str, Stage], root: Path = Path()) -> dict[str, str]:
    """The key of every stage. A change reaches the keys of everything downstream."""
    keys: dict[str, str] = {}
    digests: dict[str, str] = {}
    for name, stage in stages.items():
        leaves = leaf_inputs(stage, stages)
        for path in leaves:
            if path not in digests:
                digests[path] = content_digest(root / path)
        record = {
            "command": stage.command,
            "outputs": stage.outputs,
            "parameters": dict(stage.parameters),
            "inputs": {path: digests[path] for path in leaves},
            "upstream": {other: keys[other] for other in stage.upstream},
        }
        keys[name] = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:20]
    return keys


def content_digest(path: Path) -> str:
    """MD5 as DVC writes it into ``dvc.lock``: of a file's bytes, or ``….dir`` of a folder's sorted listing.

    A path that does not exist has the digest ``missing``.
    """
    if path.is_dir():
        files = sorted((file.relative_to(path).as_posix(), file) for file in path.rglob("*") if file.is_file())
        listing = [{"md5": _md5(file), "relpath": name} for name, file in files]
        return hashlib.md5(json.dumps(listing, sort_keys=True).encode(), usedforsecurity=False).hexdigest() + ".dir"
    return _md5(path) if path.is_file() else "missing"


def _md5(path: Path) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
