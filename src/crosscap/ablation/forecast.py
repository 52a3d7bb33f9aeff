"""What the workflow would run after a change of ``params.yaml`` that is not made."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from crosscap.config.editing import change_parameters
from crosscap.project import workflow_module

PARAMS = "params.yaml"


@dataclass(frozen=True)
class Forecast:
    """What one group of stages, such as ``train_phase1``, has before it.

    Attributes:
        names: the stages that are not fresh.
        seconds: one of them, the median of the last runs of the group; None: none of them ever ran.
    """

    group: str
    names: tuple[str, ...]
    seconds: float | None


def forecast(root: Path, changes: Mapping[str, Any], goals: Sequence[str], blamed: str) -> list[Forecast]:
    """Groups of stages with something to run before ``goals`` are reached, in the order of the workflow.

    Args:
        root: the project, which stays as it is.
        changes: as for `change_parameters`; errors name ``blamed``.
        goals: names of stages.
    """
    module = workflow_module("status", root)
    with changed_copy(root, changes, blamed) as copy:
        statuses = module.assess(copy)
    needed = module.upstream_of({name: status.stage for name, status in statuses.items()}, goals)
    groups: dict[str, list[Any]] = {}
    for name, status in statuses.items():
        if name in needed:
            groups.setdefault(status.stage.group, []).append(status)
    rows = []
    for group, members in groups.items():
        names = tuple(status.stage.name for status in members if status.state != "fresh")
        times = [status.seconds for status in members if status.seconds is not None]
        if names:
            rows.append(Forecast(group, names, median(times) if times else None))
    return rows


@contextmanager
def changed_copy(root: Path, changes: Mapping[str, Any], blamed: str) -> Iterator[Path]:
    """A folder that looks like the project ``root`` with other parameters; all else is the project's own."""
    with tempfile.TemporaryDirectory(prefix="crosscap-") as name:
        copy = Path(name)
        for entry in root.iterdir():
            if entry.name not in (PARAMS, "work"):
                (copy / entry.name).symlink_to(entry.absolute())
        # What stages left there is read; what looking leaves there, such as the resolved stages, goes with the copy.
        (copy / "work").mkdir()
        for entry in (root / "work").glob("*"):
            if entry.name != "dag":
                (copy / "work" / entry.name).symlink_to(entry.absolute())
        change_parameters(root / PARAMS, changes, blamed, copy / PARAMS)
        yield copy
