"""The whole workflow at its smallest size, by both engines: the same stages, the same results, nothing left to do."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from crosscap.io.artifacts import read_json
from tests.workflow.conftest import Project
from tests.workflow.fabricated import copy_of_the_repository

pytestmark = [pytest.mark.end_to_end, pytest.mark.xdist_group("end_to_end")]


def clone(folder: Path) -> Project:
    """A copy of the repository's own files, with the smallest parameters."""
    copy_of_the_repository(folder)
    project = Project(folder)
    project.run("git", "init", "-q")
    project.run("crosscap", "preset", "tiny")
    return project


@pytest.fixture(scope="module")
def by_dvc(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = clone(tmp_path_factory.mktemp("dvc"))
    project.run("dvc", "repro")
    return project


def metrics(project: Project) -> dict[str, object]:
    return {file.name: read_json(file) for file in sorted((project.root / "reports/metrics").glob("*.json"))}


def test_dvc_runs_every_stage_and_then_neither_engine_has_anything_to_do(by_dvc: Project) -> None:
    assert {"zh_hgm.json", "stages_zh.json"} <= set(metrics(by_dvc))
    assert (by_dvc.root / "reports/index.html").stat().st_size > 10_000
    assert by_dvc.dvc_is_clean()
    assert "Nothing to be done" in by_dvc.run("snakemake", "-n")
    assert "BLEU-1" in by_dvc.run("crosscap", "table")


def test_snakemake_gives_the_same_metrics_and_leaves_dvc_clean(by_dvc: Project, tmp_path: Path) -> None:
    project = clone(tmp_path)
    project.snakemake("eval_unison")
    project.snakemake("all")
    assert metrics(project) == metrics(by_dvc)
    assert project.dvc_is_clean()


def test_an_image_is_captioned_and_a_broken_one_is_named(by_dvc: Project) -> None:
    image = sorted((by_dvc.root / "data/raw/images/test").glob("*.jpg"))[0]
    broken = by_dvc.root / "broken.jpg"
    broken.write_text("no image")
    command = ["caption", str(broken), str(image), "--lang", "zh", "--json"]
    result = subprocess.run(
        ["crosscap", *command], cwd=by_dvc.root, capture_output=True, text=True, check=False, env=os.environ
    )
    assert result.returncode == 1
    assert "broken.jpg" in result.stderr
    captions = json.loads(result.stdout)
    assert [Path(entry["image"]).name for entry in captions] == [image.name]
    assert captions[0]["caption"]
    assert {"objects", "attributes", "relations"} <= set(captions[0]["graph"])


def test_metrics_and_parameters_can_be_compared(by_dvc: Project) -> None:
    by_dvc.run("git", "add", "-A")
    by_dvc.run("git", "-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "-qm", "first")
    by_dvc.replace("params.yaml", "beam:", "beam: 1 #")
    by_dvc.run("dvc", "repro")
    assert "generation.beam" in by_dvc.run("dvc", "params", "diff")
    assert "CIDEr" in by_dvc.run("dvc", "metrics", "diff", "--all")
    assert "file://" in by_dvc.run("dvc", "plots", "show")
