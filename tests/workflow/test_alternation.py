"""Two engines, one state: whoever ran last, the other agrees, and nothing stale is ever recorded as fresh.

Each test is a story of commands in a small project. `agree` asks both engines what they would run.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crosscap.runs.engine_lock import hold
from tests.workflow.conftest import Project, commit, copy_of
from tests.workflow.would_run import dvc_would_run, snakemake_would_run

EVERYTHING = {"draw", "count@zh", "count@de", "evaluate@zh", "evaluate@de"}
ENGINES = ("dvc", "snakemake")
After = Callable[[str], Project]


def run(project: Project, engine: str) -> str:
    return project.run("dvc", "repro") if engine == "dvc" else project.snakemake("all")


def agree(project: Project) -> set[str]:
    """The stages that both engines would run, after asserting that they agree."""
    by_dvc = dvc_would_run(project.root)
    assert snakemake_would_run(project.root) == by_dvc
    return by_dvc


def counts(project: Project) -> dict[str, int]:
    return {t: json.loads((project.root / f"reports/{t}.json").read_text())["count"] for t in ("zh", "de")}


@pytest.fixture
def after(ran_by_dvc: Project, ran_by_snakemake: Project, tmp_path: Path) -> Callable[[str], Project]:
    """The project in which the engine of this name ran everything."""
    return lambda engine: copy_of(ran_by_dvc if engine == "dvc" else ran_by_snakemake, tmp_path / "project")


def test_at_first_both_engines_would_run_everything(project: Project) -> None:
    assert agree(project) == EVERYTHING


@pytest.mark.parametrize("engine", ENGINES)
def test_after_either_engine_neither_has_anything_to_do(after: After, engine: str) -> None:
    project = after(engine)
    assert agree(project) == set()
    assert project.dvc_is_clean()
    assert counts(project) == {"zh": 6, "de": 6}


@pytest.mark.parametrize(("first", "second"), [ENGINES, ENGINES[::-1]])
def test_a_changed_parameter_after_the_other_engine_ran(after: After, first: str, second: str) -> None:
    project = after(first)
    project.replace("params.yaml", "scale: 2", "scale: 5")
    assert agree(project) == EVERYTHING - {"draw"}
    run(project, second)
    assert counts(project) == {"zh": 15, "de": 15}
    assert agree(project) == set()
    project.replace("params.yaml", "count: 3", "count: 4")
    run(project, first)
    assert counts(project) == {"zh": 20, "de": 20}
    assert agree(project) == set()


@pytest.mark.parametrize("engine", ENGINES)
def test_an_output_changed_by_hand_is_made_again(after: After, engine: str) -> None:
    project = after("snakemake" if engine == "dvc" else "dvc")
    (project.root / "data/count_de.txt").write_text("7")
    assert agree(project) == {"count@de", "evaluate@de"}
    run(project, engine)
    assert counts(project) == {"zh": 6, "de": 6}
    assert agree(project) == set()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_removed_output_is_made_again(after: After, engine: str) -> None:
    project = after(engine)
    (project.root / "data/drawn/1.txt").unlink()
    assert agree(project) == EVERYTHING
    run(project, engine)
    assert counts(project) == {"zh": 6, "de": 6}


def test_touching_everything_changes_nothing(after: After) -> None:
    project = after("snakemake")
    for path in project.root.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            os.utime(path)
    assert agree(project) == set()


def test_new_content_under_the_old_time_and_size_is_noticed(after: After) -> None:
    project = after("dvc")
    assert agree(project) == set()
    code = project.root / "stages/count.py"
    status = code.stat()
    time.sleep(0.05)
    code.write_text(code.read_text().replace("scale * len", "scale + len"))
    os.utime(code, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert snakemake_would_run(project.root) == EVERYTHING - {"draw"}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_older_commit_and_back(after: After, engine: str) -> None:
    project = after(engine)
    project.replace("params.yaml", "scale: 2", "scale: 5")
    run(project, engine)
    commit(project, "scale 5")

    project.run("git", "checkout", "-q", "HEAD~1")
    assert agree(project) == EVERYTHING - {"draw"}  # the outputs are still those of the newer commit
    project.run("dvc", "checkout", "-q")
    assert agree(project) == set()
    assert counts(project) == {"zh": 6, "de": 6}

    project.run("git", "checkout", "-q", "-")
    project.run("dvc", "checkout", "-q")
    assert agree(project) == set()
    assert counts(project) == {"zh": 15, "de": 15}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_parameter_changed_while_its_stage_runs_records_nothing(after: After, engine: str) -> None:
    project = after(engine)
    # The stage stands for a person who edits params.yaml while it runs.
    edit = "params = pathlib.Path('params.yaml'); params.write_text(params.read_text().replace('scale: 2', 'scale: 3'))"
    code = (project.root / "stages/count.py").read_text().replace("\n", "\n    ")
    body = f"from crosscap.runs.stage import run\n\ndef main():{code}\n    {edit}\n\nrun(main)\n"
    (project.root / "stages/count.py").write_text(body)
    output = project.run("dvc", "repro", check=False) if engine == "dvc" else project.snakemake("all", check=False)
    assert "changed while it ran" in output
    assert agree(project) == EVERYTHING - {"draw"}


def test_stages_above_that_gave_the_same_again_let_snakemake_keep_what_is_below(after: After) -> None:
    project = after("dvc")
    project.replace("stages/draw.py", "import pathlib", "# a comment\nimport pathlib")
    before = (project.root / "data/count_zh.txt").stat().st_mtime_ns
    output = run(project, "snakemake")
    assert "count@zh: its inputs are as they were" in output
    assert (project.root / "data/count_zh.txt").stat().st_mtime_ns == before
    assert agree(project) == set()


def test_what_snakemake_did_not_finish_dvc_goes_on_with(project: Project) -> None:
    project.snakemake("count_zh")
    assert agree(project) == EVERYTHING - {"draw", "count@zh"}
    output = run(project, "dvc")
    assert "'draw' didn't change" in output
    assert "Running stage 'count@zh'" not in output
    assert agree(project) == set()


def test_a_damaged_stamp_is_only_a_missing_stamp(after: After) -> None:
    project = after("snakemake")
    for stamp in (project.root / "work/stamps").glob("*.*"):
        stamp.write_text('{"command": "python')
    assert agree(project) == set()


def test_a_damaged_lock_file_is_an_error_that_says_what_to_do(after: After) -> None:
    project = after("snakemake")
    lock = project.root / "dvc.lock"
    lock.write_text(lock.read_text() + "<<<<<<< HEAD\n")
    output = project.run("snakemake", "-n", check=False)
    assert "dvc.lock: not a lock file of DVC" in output
    assert "git checkout dvc.lock" in output


def test_the_engines_do_not_run_at_once(project: Project) -> None:
    project.replace(
        "stages/count.py", "import pathlib", "from crosscap.runs.stage import run; run(lambda: None)\nimport pathlib"
    )
    lock = hold("snakemake", project.root)
    assert "runs this project" in project.run("dvc", "repro", check=False)
    assert "runs this project" in project.snakemake("all", check=False)
    assert "count@zh" in snakemake_would_run(project.root)  # looking is allowed
    lock.release()
    project.run("dvc", "repro")
    assert agree(project) == set()
