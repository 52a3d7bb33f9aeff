"""A name for one training: the same inputs and parameters, the same name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crosscap.io.artifacts import sha256_of


def work_directory(stage: str, settings: Any, inputs: Iterable[str | Path] = (), root: str | Path = "work") -> Path:
    """``<root>/<stage>/<fingerprint>`` for a run of ``stage``; the folder is not made.

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
    return Path(root) / stage / digest.hexdigest()[:16]
