"""Copies of the code that stages ran with, so that a later change can be shown line by line (`crosscap accept`)."""

from __future__ import annotations

import contextlib
import hashlib
import shlex
from pathlib import Path

import yaml

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_path
from crosscap.io.yaml_text import parse_yaml

COPIES = Path("work/code")


def keep_code(script: str, root: str | Path = ".") -> int:
    """Copy the Python files under the ``deps`` of every stage that runs ``script`` to ``work/code/<md5>``.

    MD5 because that is the digest in ``dvc.lock``. Returns how many were new. What cannot be read or written is left
    out: a stage does not fail for want of a copy.
    """
    root, new = Path(root), 0
    with contextlib.suppress(OSError, ValueError, yaml.YAMLError, AttributeError, TypeError):
        definition = parse_yaml((root / "dvc.yaml").read_bytes())
        for entry in definition["stages"].values():
            entry = entry.get("do", entry)
            if script in shlex.split(entry["cmd"]):
                files = [dep for dep in entry.get("deps", ()) if isinstance(dep, str) and dep.endswith(".py")]
                new += sum(_keep(root / file, root / COPIES) for file in files)
    return new


def _keep(file: Path, folder: Path) -> bool:
    with contextlib.suppress(OSError, InputError):
        content = file.read_bytes()
        copy = folder / hashlib.md5(content, usedforsecurity=False).hexdigest()
        if not copy.exists():
            with atomic_path(copy) as temporary:
                temporary.write_bytes(content)
            return True
    return False
