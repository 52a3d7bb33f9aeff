"""A name for one training: the same inputs, parameters and code, the same name."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crosscap.incremental.identity import code_digest, code_files
from crosscap.io.artifacts import sha256_of
from crosscap.training.work_folders import RUN, claim


def work_directory(stage: str, settings: Any, inputs: Iterable[str | Path] = (), root: str | Path = "work") -> Path:
    """``<root>/<stage>/<fingerprint>`` for a run of ``stage``.

    The code under the stage's ``deps`` is part of the fingerprint (comments and docstrings are not): a training never
    goes on from a state that other code left. Within a running stage the folder is made, and those of its trainings
    with other fingerprints are removed.

    Args:
        stage: the stage's name.
        settings: everything that shapes the result, as JSON values.
        inputs: files and folders whose content shapes it.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    for entry in map(Path, inputs):
        files = sorted(path for path in entry.rglob("*") if path.is_file()) if entry.is_dir() else [entry]
        for file in files:
            digest.update(f"{file}\0{sha256_of(file)}\0".encode())
    owner = os.environ.get(RUN)
    if owner is not None:
        for code in code_files(stage, Path()):
            digest.update(f"{code}\0{code_digest(Path(code))}\0".encode())
    directory = Path(root) / stage / digest.hexdigest()[:16]
    if owner is not None:
        claim(directory, owner)
    return directory
