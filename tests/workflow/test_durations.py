"""The record of durations holds what the last runs took, and nothing of runs that ended badly."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.io.artifacts import read_json, write_json
from crosscap.runs.records import RUNS, run_name
from tests.workflow.conftest import REPOSITORY
from workflow import durations
from workflow.dag import Stage

STAGES = {
    "draw": Stage("draw", "python stages/draw.py", (), ("a",), {}),
    "count@zh": Stage("count@zh", "python stages/count.py --target zh", ("a",), ("b",), {}, upstream=("draw",)),
    "count@de": Stage("count@de", "python stages/count.py --target de", ("a",), ("c",), {}, upstream=("draw",)),
}


def ran(root: Path, seconds: float, exit: int, *arguments: str) -> None:
    record = {"command": " ".join(arguments), "engine": "dvc", "pid": 1, "host": "h", "started": 0.0, "ended": seconds}
    write_json(root / RUNS / f"{run_name(arguments)}.json", {**record, "seconds": seconds, "exit": exit})


def test_each_stage_has_the_time_of_its_last_run_that_ended_well(tmp_path: Path) -> None:
    ran(tmp_path, 12.345, 0, "stages/draw.py")
    ran(tmp_path, 99.0, 1, "stages/count.py", "--target", "zh")
    assert durations.recorded(STAGES, tmp_path)["stages"] == [
        {"name": "draw", "upstream": [], "seconds": 12.3},
        {"name": "count@zh", "upstream": ["draw"], "seconds": None},
        {"name": "count@de", "upstream": ["draw"], "seconds": None},
    ]


def test_without_a_run_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(durations, "load_stages", lambda: STAGES)
    assert durations.main() == 1
    assert "run the workflow first" in capsys.readouterr().err and not (tmp_path / durations.RECORD).exists()
    ran(tmp_path, 2.0, 0, "stages/draw.py")
    durations.RECORD.parent.mkdir()
    assert durations.main() == 0
    assert "1 of 3 stages have a duration" in capsys.readouterr().out
    assert read_json(durations.RECORD)["stages"][0]["seconds"] == 2.0


def test_the_record_in_the_repository_is_of_its_own_stages() -> None:
    record = read_json(REPOSITORY / durations.RECORD)
    known = {stage["name"] for stage in record["stages"]}
    assert all(set(stage["upstream"]) <= known for stage in record["stages"])
    assert {"collect", "train_detector"} <= known and record["cores"] > 0
