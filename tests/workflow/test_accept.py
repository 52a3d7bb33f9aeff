"""`crosscap accept`: a change of comments runs nothing again, in either engine; any other change is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crosscap.runs.engine_lock import EngineBusy, hold
from tests.workflow.conftest import Project, copy_of
from tests.workflow.fabricated import fabricate
from workflow.accept import plan, record
from workflow.records import read_lock
from workflow.status import assess

EVERYTHING = {"draw", "count_zh", "count_de", "evaluate_zh", "evaluate_de"}
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c")
COUNT = "stages/count.py"
COMMENTED = '"""Counts."""\n# why it counts\nimport pathlib, sys, yaml'


@pytest.fixture
def ran(ran_by_snakemake: Project, tmp_path: Path) -> Project:
    return copy_of(ran_by_snakemake, tmp_path / "copy")


def stale(project: Project) -> set[str]:
    return {name for name, status in assess(project.root).items() if status.state != "fresh"}


def everything_written(project: Project) -> dict[str, bytes]:
    """What either engine knows: the lock file and the stamps."""
    files = [project.root / "dvc.lock", *(project.root / "work/stamps").glob("*.*")]
    return {file.name: file.read_bytes() for file in files}


def test_a_comment_makes_both_engines_run_and_accepted_neither(ran: Project) -> None:
    ran.replace(COUNT, "import pathlib, sys, yaml", COMMENTED)
    assert ran.snakemake_would_run() == EVERYTHING - {"draw"}
    assert not ran.dvc_is_clean()
    shown = ran.run("crosscap", "accept", "--yes")
    assert "+# why it counts" in shown
    assert "used by count@zh, count@de" in shown
    assert ran.dvc_is_clean()
    assert ran.snakemake_would_run() == set()
    assert stale(ran) == set()
    assert "didn't change" in ran.run("dvc", "repro")
    # What was accepted is what the next change is compared with, though git never saw it.
    ran.replace(COUNT, "# why it counts", "# why and how it counts")
    assert "-# why it counts" in ran.run("crosscap", "accept", "--yes")
    assert stale(ran) == set()


def test_only_the_named_stages_are_accepted(ran: Project) -> None:
    ran.replace(COUNT, "import pathlib, sys, yaml", COMMENTED)
    ran.run("crosscap", "accept", "count@zh", "--yes")
    assert stale(ran) == {"count@de", "evaluate@de"}
    assert ran.snakemake_would_run() == {"count_de", "evaluate_de"}


def test_without_a_yes_nothing_is_recorded(ran: Project) -> None:
    ran.replace(COUNT, "import pathlib, sys, yaml", COMMENTED)
    before = everything_written(ran)
    assert "Nothing is recorded." in ran.run("crosscap", "accept", check=False)  # nobody answers
    with pytest.raises(AssertionError):
        ran.run("crosscap", "accept")
    assert everything_written(ran) == before


def edit_code(project: Project) -> None:
    project.replace(COUNT, "scale * len", "1 + scale * len")


def edit_a_string_that_is_no_docstring(project: Project) -> None:
    project.replace(COUNT, '"data/drawn"', '"./data/drawn"')


def break_code(project: Project) -> None:
    project.replace(COUNT, "import pathlib", "import import pathlib")


def remove_code(project: Project) -> None:
    (project.root / COUNT).unlink()


def lose_the_old_text(project: Project) -> None:
    shutil.rmtree(project.root / ".git")


def edit_a_parameter(project: Project) -> None:
    project.replace("params.yaml", "scale: 2", "scale: 5")


def edit_the_command(project: Project) -> None:
    project.replace("dvc.yaml", "python stages/count.py", "python -u stages/count.py")


def depend_on_more_code(project: Project) -> None:
    project.replace("dvc.yaml", "deps: [data/drawn, stages/count.py]", f"deps: [data/drawn, {COUNT}, stages/draw.py]")


def edit_an_input(project: Project) -> None:
    (project.root / "data/drawn/0.txt").write_text("another")


def edit_an_output(project: Project) -> None:
    (project.root / "data/count_zh.txt").write_text("7")


def remove_an_output(project: Project) -> None:
    (project.root / "data/count_zh.txt").unlink()


def forget_the_run(project: Project) -> None:
    (project.root / "dvc.lock").unlink()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (edit_code, "stages/count.py +3 −1: its code changed, not only comments and docstrings"),
        (edit_a_string_that_is_no_docstring, "its code changed, not only comments and docstrings"),
        (break_code, "stages/count.py +3 −1: it is not valid Python"),
        (remove_code, "stages/count.py is missing"),
        (lose_the_old_text, "stages/count.py changed: what it said when the stage ran is not known"),
        (edit_a_parameter, "count.scale 2 → 5"),
        (edit_the_command, "command python stages/count.py zh → python -u stages/count.py zh"),
        (depend_on_more_code, "stages/draw.py newly used"),
        (edit_an_input, "input data/drawn changed"),
        (edit_an_output, "output data/count_zh.txt changed"),
        (remove_an_output, "output data/count_zh.txt is missing"),
        (forget_the_run, "dvc.lock holds no run of it"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_more_than_a_comment_is_refused_and_nothing_is_written(
    ran: Project, change: Callable[[Project], None], reason: str
) -> None:
    ran.replace(COUNT, "import pathlib, sys, yaml", COMMENTED)
    change(ran)
    before = {**everything_written(ran)} if (ran.root / "dvc.lock").exists() else {}
    refused = plan(ran.root, ["count@zh"]).refused["count@zh"]
    assert any(reason in text for text in refused), refused
    with pytest.raises(RuntimeError):
        record(ran.root, plan(ran.root, ["count@zh"]))
    assert not before or everything_written(ran) == before
    assert "count@zh" in stale(ran)


def test_one_refused_stage_stops_all_and_the_others_are_named(ran: Project) -> None:
    ran.replace(COUNT, "import pathlib, sys, yaml", COMMENTED)
    (ran.root / "data/count_zh.txt").write_text("7")
    before = everything_written(ran)
    output = ran.run("crosscap", "accept", "--yes", check=False)
    assert "output data/count_zh.txt changed" in output
    assert "The others can be accepted: crosscap accept count@de" in output
    assert everything_written(ran) == before


def test_a_stage_below_a_stale_one_stays_stale_and_is_said_to(ran: Project) -> None:
    ran.replace(COUNT, "import pathlib, sys, yaml", COMMENTED)
    ran.replace("params.yaml", "count: 3", "count: 4")
    assert "Not fresh all the same, because of what is upstream" in ran.run("crosscap", "accept", "--yes")
    assert stale(ran) == {name.replace("_", "@") for name in EVERYTHING}
    assert ran.snakemake_would_run() == EVERYTHING
    ran.snakemake("all")
    assert (ran.root / "data/count_zh.txt").read_text() == "8"


def test_what_changes_while_the_user_looks_is_not_recorded(ran: Project) -> None:
    ran.replace(COUNT, "import pathlib, sys, yaml", COMMENTED)
    looked_at = plan(ran.root)
    edit_code(ran)
    before = everything_written(ran)
    with pytest.raises(RuntimeError, match="changed while you looked"):
        record(ran.root, looked_at)
    assert everything_written(ran) == before


def test_a_lock_file_that_dvc_wrote_otherwise_is_put_back(ran: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    ran.replace(COUNT, "import pathlib, sys, yaml", COMMENTED)
    before = everything_written(ran)

    def write_something_else(names: object, root: Path) -> None:
        (root / "dvc.lock").write_text("schema: '2.0'\nstages: {}\n")

    monkeypatch.setattr("workflow.accept.commit_stages", write_something_else)
    with pytest.raises(RuntimeError, match="nothing is recorded"):
        record(ran.root, plan(ran.root))
    assert everything_written(ran) == before


def test_nothing_is_recorded_while_stages_run(ran: Project) -> None:
    ran.replace(COUNT, "import pathlib, sys, yaml", COMMENTED)
    lock = hold("shell", ran.root)
    with pytest.raises(EngineBusy):
        record(ran.root, plan(ran.root))
    assert "runs this project" in ran.run("crosscap", "accept", "--yes", check=False)
    lock.release()
    record(ran.root, plan(ran.root))
    assert stale(ran) == set()


def test_unchanged_code_is_nothing_to_accept(ran: Project) -> None:
    ran.replace("params.yaml", "scale: 2", "scale: 5")  # not a matter of code
    assert "Nothing to accept" in ran.run("crosscap", "accept", "--yes")
    assert plan(ran.root).refused == {}


@pytest.mark.xdist_group("accept_real_dag")
def test_in_the_real_dag_a_comment_in_a_shared_module_is_accepted_for_all_its_stages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stages = fabricate(tmp_path)
    project = Project(tmp_path)
    project.run(*GIT, "add", "-A")
    project.run(*GIT, "commit", "-qm", "all fresh")
    module = "src/crosscap/text/vocabulary.py"
    users = {name for name, stage in stages.items() if module in stage.inputs}
    assert 2 <= len(users) < len(stages)
    (tmp_path / module).write_text("# a remark\n" + (tmp_path / module).read_text())
    accepted = plan(tmp_path)
    assert set(accepted.files) == users
    others = {name: entry for name, entry in read_lock(tmp_path).items() if name not in users}
    assert record(tmp_path, accepted) == set(stages)
    assert project.dvc_is_clean()
    assert others.items() <= read_lock(tmp_path).items()
    assert "Nothing to be done" in project.run("snakemake", "-n", "all")
