"""What a stage was started with: its declared parameters and its code. They must not change while it runs.

DVC looks at them when the stage has ended, so an edit made meanwhile would be recorded as what the results come from.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from crosscap.io.yaml_text import parse_yaml


class ChangedWhileRunning(Exception):
    """Parameters or code of a stage are no longer those that it was started with."""


def run_inputs(script: str, root: str | Path = ".") -> dict[str, Any]:
    """Values of the declared parameters and digests of the code of the stages that run ``script``.

    Empty where there is no ``dvc.yaml``, or none of its stages runs the script.
    """
    root = Path(root)
    found: dict[str, Any] = {}
    if not (root / "dvc.yaml").is_file():
        return found
    values = _read(root / "params.yaml") if (root / "params.yaml").is_file() else {}
    for entry in _read(root / "dvc.yaml").get("stages", {}).values():
        if script in shlex.split(str(entry.get("cmd", ""))):
            found |= {f"parameter {key}": _value(values, key) for key in entry.get("params", ())}
            code = [dep for dep in entry.get("deps", ()) if isinstance(dep, str) and dep.endswith(".py")]
            found |= {path: _digest(root / path) for path in code}
    return found


def require_unchanged(before: Mapping[str, Any], script: str, root: str | Path = ".") -> None:
    """Raise `ChangedWhileRunning`, which names what differs from ``before``."""
    now = run_inputs(script, root)
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    if changed:
        raise ChangedWhileRunning(
            f"{script}: {', '.join(changed)} changed while it ran, so nothing says what its results come from; "
            "start it again"
        )


def _read(path: Path) -> dict[str, Any]:
    try:
        return parse_yaml(path.read_bytes()) or {}
    except yaml.YAMLError:  # an edit that is not finished; other readers say what is wrong with it
        return {}


def _value(values: Any, key: str) -> Any:
    for part in key.split("."):
        values = values.get(part) if isinstance(values, dict) else None
    return values


def _digest(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest() if path.is_file() else "missing"
