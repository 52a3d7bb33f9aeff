"""Either engine runs the stages of dvc.yaml; the other then has nothing to do."""

from __future__ import annotations

import json

from tests.workflow.conftest import Project

EVERYTHING = {"draw", "count_zh", "count_de", "evaluate_zh", "evaluate_de"}


def test_after_snakemake_dvc_is_clean_and_after_dvc_snakemake_has_nothing_to_do(project: Project) -> None:
    assert project.snakemake_would_run() == EVERYTHING
    project.snakemake("all")
    assert json.loads((project.root / "reports/zh.json").read_text()) == {"count": 6}
    assert project.dvc_is_clean()
    assert project.snakemake_would_run() == set()

    project.replace("params.yaml", "scale: 2", "scale: 5")
    assert project.snakemake_would_run() == EVERYTHING - {"draw"}
    project.run("dvc", "repro", "-q")
    assert json.loads((project.root / "reports/zh.json").read_text()) == {"count": 15}
    assert project.snakemake_would_run() == set()


def test_a_changed_output_or_line_of_code_makes_the_stage_and_its_closure_run(project: Project) -> None:
    project.run("dvc", "repro", "-q")
    assert project.snakemake_would_run() == set()
    (project.root / "data/count_de.txt").write_text("7")
    assert project.snakemake_would_run() == {"count_de", "evaluate_de"}
    project.snakemake()
    assert (project.root / "data/count_de.txt").read_text() == "6"
    project.replace("stages/draw.py", "str(number)", "str(number + 1)")
    assert project.snakemake_would_run() == EVERYTHING


def test_a_stage_that_fails_stops_the_run_and_leaves_no_stamp(project: Project) -> None:
    project.replace("stages/count.py", "import pathlib", "import nothing_of_this_name, pathlib")
    output = project.snakemake("evaluate_zh", check=False)
    assert "nothing_of_this_name" in output
    assert not list((project.root / "work/stamps").glob("count_*"))
    assert project.snakemake_would_run() >= {"count_zh", "evaluate_zh"}


def test_a_stage_that_leaves_an_output_unwritten_fails(project: Project) -> None:
    project.replace("stages/count.py", 'f"data/count_{sys.argv[1]}.txt"', 'f"data/other_{sys.argv[1]}.txt"')
    assert "ended without writing data/count_zh.txt" in project.snakemake("count_zh", check=False)
