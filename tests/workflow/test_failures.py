"""A stage that fails under Snakemake stops the run, and nothing says that it is done."""

from __future__ import annotations

from tests.workflow.conftest import Project


def test_a_stage_that_fails_stops_the_run_and_leaves_no_stamp(project: Project) -> None:
    project.replace("stages/count.py", "import pathlib", "import nothing_of_this_name, pathlib")
    output = project.snakemake("evaluate_zh", check=False)
    assert "nothing_of_this_name" in output
    assert not list((project.root / "work/stamps").glob("count_*"))
    assert project.snakemake_would_run() >= {"count_zh", "evaluate_zh"}


def test_a_stage_that_leaves_an_output_unwritten_fails(project: Project) -> None:
    project.replace("stages/count.py", 'f"data/count_{sys.argv[1]}.txt"', 'f"data/other_{sys.argv[1]}.txt"')
    assert "ended without writing data/count_zh.txt" in project.snakemake("count_zh", check=False)
