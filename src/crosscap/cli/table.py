"""``crosscap table``: the scores of the last run, and where its report is."""

from __future__ import annotations

import argparse
from pathlib import Path

from crosscap.errors import InputError
from crosscap.evaluation.table import metric_table
from crosscap.io.artifacts import read_json

METRICS = Path("reports/metrics")
REPORT = Path("reports/index.html")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    del parser  # no options


def run(arguments: argparse.Namespace) -> int:
    del arguments
    files = sorted(file for file in METRICS.glob("*.json") if not file.name.startswith("stages_"))
    if not files:
        raise InputError(METRICS, "no metrics", "the scores of a run", "Run `dvc repro` first.")
    for file in files:
        language, _, variant = file.stem.partition("_")
        print(f"\nCaptions in {language}, UNISON {variant.upper().replace('_', '+')}\n")
        print(metric_table(read_json(file)))
    if REPORT.is_file():
        print(f"\nThe report with pictures: {REPORT}")
    return 0
