"""`crosscap status` says what the engines would do, and why."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crosscap.runs.records import RUNS, lock_of, recorded, run_name
from tests.workflow.conftest import Project, copy_of
from workflow.status import Status, assess

EVERYTHING = ["draw", "count@zh", "count@de", "evaluate@zh", "evaluate@de"]
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c")


@pytest.fixture
def ran(ran_by_dvc: Project, tmp_path: Path) -> Project:
    return copy_of(ran_by_dvc, tmp_path / "copy")


def states(project: Project) -> dict[str, str]:
    return {name: status.state for name, status in assess(project.root).items()}


def stale(project: Project) -> dict[str, Status]:
    return {name: status for name, status in assess(project.root).items() if status.state != "fresh"}


def test_before_the_first_run_nothing_has_run_and_afterwards_all_is_fresh(ran: Project) -> None:
    assert states(ran) == dict.fromkeys(states(ran), "fresh")
    assert sorted(states(ran)) == sorted(EVERYTHING)
    (ran.root / "dvc.lock").unlink()
    assert set(states(ran).values()) == {"never run"}


def test_a_stage_that_only_snakemake_ran_is_fresh(ran: Project) -> None:
    ran.snakemake("all")  # it takes over what DVC did
    (ran.root / "dvc.lock").unlink()
    assert set(states(ran).values()) == {"fresh"}


def test_a_changed_parameter_is_named_with_both_values_and_its_closure_with_the_cause(ran: Project) -> None:
    ran.replace("params.yaml", "scale: 2", "scale: 5")
    found = stale(ran)
    assert sorted(found) == ["count@de", "count@zh", "evaluate@de", "evaluate@zh"]
    assert found["count@zh"].reasons == ("count.scale 2 → 5",)
    assert (found["evaluate@de"].reasons, found["evaluate@de"].because) == ((), ("count@de",))
    assert {name.replace("@", "_") for name in found} == ran.snakemake_would_run()


def test_changed_code_is_named_with_its_lines_from_the_copies_or_from_git(ran: Project) -> None:
    ran.replace("stages/count.py", "import pathlib, sys, yaml", "# two more\n# lines\nimport pathlib, sys, yaml")
    assert stale(ran)["count@zh"].reasons == ("stages/count.py +2 −0",)
    shutil.rmtree(ran.root / ".git")
    assert stale(ran)["count@zh"].reasons == ("stages/count.py changed",)


def test_a_changed_command_and_a_new_dependency_are_named(ran: Project) -> None:
    ran.replace("dvc.yaml", "python stages/draw.py", "python -X dev stages/draw.py")
    ran.replace("dvc.yaml", "deps: [stages/draw.py]", "deps: [stages/draw.py, stages/count.py, letter.txt]")
    (ran.root / "letter.txt").write_text("a")
    assert stale(ran)["draw"].reasons == (
        "command python stages/draw.py → python -X dev stages/draw.py",
        "input letter.txt is new",
        "stages/count.py newly used",
    )


def test_a_changed_and_a_missing_output_are_told_apart(ran: Project) -> None:
    (ran.root / "data/count_de.txt").write_text("7")
    shutil.rmtree(ran.root / "data/drawn")
    found = stale(ran)
    assert found["draw"].reasons == ("output data/drawn is missing",)
    assert found["count@de"].reasons == ("output data/count_de.txt changed",)
    assert found["count@zh"].reasons == ()  # it waits for draw, which writes the input again
    assert found["evaluate@de"].because == ("count@de",)


def test_an_output_that_its_fresh_upstream_wrote_anew_is_a_changed_input(ran: Project) -> None:
    ran.replace("params.yaml", "count: 3", "count: 4")
    ran.run("dvc", "repro", "-q", "draw")
    found = stale(ran)
    assert found["count@zh"].reasons == ("input data/drawn changed",)
    assert "draw" not in found


def test_running_failed_and_killed_stages_and_the_time_of_the_last_run(ran: Project) -> None:
    count, draw = ["stages/count.py", "zh"], ["stages/draw.py"]
    with recorded(draw, "shell", ran.root):
        time.sleep(0.05)
    assert 0.05 <= (assess(ran.root)["draw"].seconds or 0) < 5
    ran.replace("params.yaml", "scale: 2", "scale: 5")
    lock = lock_of(run_name(count), ran.root)
    assert lock.acquire("count")
    with recorded(count, "shell", ran.root):
        assert states(ran)["count@zh"] == "running"
        assert f"pid {os.getpid()}" in ran.run("crosscap", "status", "count@zh")
        text = (ran.root / RUNS / f"{run_name(count)}.json").read_text()
    lock.release()
    assert states(ran)["count@zh"] == "stale"
    (ran.root / RUNS / f"{run_name(count)}.json").write_text(text)  # its end was never written
    assert states(ran)["count@zh"] == "killed"
    with pytest.raises(OSError, match="no paper"), recorded(count, "shell", ran.root):
        raise OSError("no paper")
    assert states(ran)["count@zh"] == "failed"
    assert "ago with exit code 1" in ran.run("crosscap", "status", "count@zh")


def test_the_command_prints_sums_up_and_exits_with_1_only_where_asked_to(ran: Project) -> None:
    assert "5 fresh, 0 stale. Nothing to run." in ran.run("crosscap", "status", "--check")
    ran.replace("params.yaml", "scale: 2", "scale: 5")
    with recorded(["stages/count.py", "zh"], "shell", ran.root):
        pass
    lines = ran.run("crosscap", "status").splitlines()
    assert lines[0].split() == ["●", "draw", "fresh"]
    assert any("count@zh" in line and "count.scale 2 → 5" in line for line in lines)
    assert lines[-1].startswith(
        "1 fresh, 4 stale. The next run would run 4 stages at most, about 0.0 s by the last times"
    )
    assert lines[-1].endswith("(3 stages without one).")
    assert "evaluate" not in ran.run("crosscap", "status", "count")
    assert "\x1b" not in "".join(lines)
    with pytest.raises(AssertionError):
        ran.run("crosscap", "status", "--check")
    facts = json.loads(ran.run("crosscap", "status", "--json"))
    assert facts["counts"] == {"fresh": 1, "stale": 4}
    count = next(stage for stage in facts["stages"] if stage["name"] == "count@de")
    assert count["changes"] == [{"kind": "parameter", "name": "count.scale", "old": 2, "new": 5}]


def test_it_starts_anywhere_below_the_project_and_says_so_where_there_is_none(ran: Project, tmp_path: Path) -> None:
    assert "5 fresh" in Project(ran.root / "stages").run("crosscap", "status")
    assert "found no project here or above" in Project(tmp_path).run("crosscap", "status", check=False)
    assert "no stage 'drawn'" in ran.run("crosscap", "status", "drawn", check=False)
    (ran.root / "dvc.lock").write_text("<<<<<<< HEAD\n")
    assert "not a lock file of DVC" in ran.run("crosscap", "status", check=False)


def test_the_picture_is_written_as_svg_and_nothing_else(ran: Project) -> None:
    ran.replace("params.yaml", "scale: 2", "scale: 5")
    ran.run("crosscap", "status", "--picture", "dag.svg")
    text = "".join(ElementTree.fromstring((ran.root / "dag.svg").read_text()).itertext())
    assert "count.scale 2 → 5" in text
    assert "expected a file name that ends in .svg" in ran.run("crosscap", "status", "--picture", "a.png", check=False)
    assert not (ran.root / "a.png").exists()


def test_it_opens_no_repository_and_imports_neither_torch_nor_dvc(ran: Project) -> None:
    ran.run("crosscap", "status")  # the resolved stages are remembered
    code = "from crosscap.cli.main import main; import sys, atexit; atexit.register(lambda: print(*sys.modules)); "
    modules = ran.run("python", "-c", f"{code} main(['status'])").split()
    assert "workflow.status" in modules
    assert not {"torch", "numpy", "dvc", "dvc.repo", "snakemake"} & set(modules)


def test_the_engines_own_drawings_work(ran: Project) -> None:
    dag = ran.run("dvc", "dag", "--dot")
    assert '"draw" -> "count@zh"' in dag
    assert "count@de" in ran.run("dvc", "dag")
    for option in ("--dag", "--rulegraph"):
        drawing = ran.run("snakemake", "all", option, "--forceall")
        assert "digraph snakemake_dag" in drawing
        assert 'label = "count_zh' in drawing
