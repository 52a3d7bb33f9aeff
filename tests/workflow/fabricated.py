"""A project with the repository's real DAG in which every stage is fresh, though none has run."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path

from dvc.repo import Repo

from tests.workflow.conftest import REPOSITORY
from workflow.dag import Producers, Stage, load_stages


def copy_of_the_repository(folder: Path) -> None:
    """Every file that git knows or would add, but for what the stages write."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (REPOSITORY / name).is_file() and name != "dvc.lock" and not name.startswith("reports/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)


def fabricate(folder: Path, parameters: str | None = None) -> dict[str, Stage]:
    """Write an output of every stage, with its path for content, and have DVC record them all as fresh.

    Args:
        parameters: what ``params.yaml`` shall hold instead of the repository's.
    """
    copy_of_the_repository(folder)
    if parameters is not None:
        (folder / "params.yaml").write_text(parameters, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    stages = load_stages(folder)
    write_outputs(folder, stages)
    with chdir(folder), Repo() as repository:  # DVC's commit wants to be in the project
        repository.commit(force=True)
    return stages


def write_outputs(folder: Path, stages: Mapping[str, Stage]) -> None:
    producers = Producers(stages.values())
    made = {path for stage in stages.values() for path in (*stage.outputs, *stage.inputs) if producers.of(path)}
    for path in sorted(made):
        if not any(other.startswith(f"{path}/") for other in made):  # else it is a folder
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(path)
