"""A stage whose parameters or code change while it runs fails, and says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.runs.inputs import ChangedWhileRunning, require_unchanged, run_inputs

SCRIPT = "stages/count.py"
DVC_YAML = """
stages:
  count:
    matrix: {target: [zh]}
    cmd: python stages/count.py --target ${item.target}
    params: [count.scale, languages]
    deps: [stages/count.py, "data/${item.target}.txt"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "stages").mkdir()
    (tmp_path / SCRIPT).write_text("one = 1\n")
    (tmp_path / "dvc.yaml").write_text(DVC_YAML)
    (tmp_path / "params.yaml").write_text("count: {scale: 2, other: 1}\nlanguages: {source: en}\n")
    return tmp_path


def test_what_the_stage_declares_counts_and_nothing_else(project: Path) -> None:
    before = run_inputs(SCRIPT, project)
    assert set(before) == {"parameter count.scale", "parameter languages", SCRIPT}
    (project / "params.yaml").write_text("count: {scale: 2, other: 5}\nlanguages: {source: en}\n")
    require_unchanged(before, SCRIPT, project)


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("params.yaml", "count: {scale: 3}\nlanguages: {source: en}\n", "parameter count.scale"),
        ("params.yaml", "count: {scale: 2}\n", "parameter languages"),
        ("params.yaml", "count: {scale", "parameter count.scale"),
        (SCRIPT, "one = 2\n", SCRIPT),
    ],
)
def test_a_change_is_named(project: Path, file: str, text: str, named: str) -> None:
    before = run_inputs(SCRIPT, project)
    (project / file).write_text(text)
    with pytest.raises(ChangedWhileRunning, match=named):
        require_unchanged(before, SCRIPT, project)


def test_without_a_workflow_there_is_nothing_to_watch(tmp_path: Path) -> None:
    assert run_inputs(SCRIPT, tmp_path) == {}
    require_unchanged({}, SCRIPT, tmp_path)
