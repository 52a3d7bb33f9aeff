"""The project that a command is started in: its folder, and its package ``workflow``, which no wheel holds."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from crosscap.errors import InputError

SIGNS = ("dvc.yaml", "workflow/dag.py")


def project_root(start: Path | None = None) -> Path:
    """The nearest folder, from ``start`` (the current one) upwards, that holds a project.

    Raises:
        InputError: there is none.
    """
    start = (start or Path.cwd()).absolute()
    for folder in (start, *start.parents):
        if all((folder / sign).is_file() for sign in SIGNS):
            return folder
    raise InputError(
        start, "no project here or above", f"a folder with {' and '.join(SIGNS)}", "Change into your project's folder."
    )


def workflow_module(name: str, root: Path) -> ModuleType:
    """The module ``workflow.<name>`` of the project ``root``."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return import_module(f"workflow.{name}")
