"""`snakemake --report` shows the results: its rules' outputs are stamps, so the results are copied for it."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path

from tests.workflow.fabricated import fabricate


def snakemake(folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "snakemake", "--cores", "1", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_results_are_copied_once_and_stand_in_the_report(tmp_path: Path) -> None:
    stages = fabricate(tmp_path)
    told = snakemake(tmp_path, "results")
    assert "write_report_result" in told and "rule write_report:" not in told, "what is fresh does not run again"
    copies = {path.relative_to(tmp_path / "work/results").as_posix().partition("/")[2] for path in
              (tmp_path / "work/results").rglob("*") if path.is_file()}  # fmt: skip
    reported = ("compare_runs", "write_tables", "write_model_cards", "write_report")
    assert copies == {path for stage in stages.values() if stage.group in reported for path in stage.outputs}
    snakemake(tmp_path, "results", "--report", "report.html")
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "UNISON's tables, filled with the scores" in html and "reports/tables/zh.md" in html
    held = [base64.b64decode(data) for data in re.findall(r"base64,([A-Za-z0-9+/=]+)", html)]
    assert b"reports/tables/zh.md" in held, "the file itself"
