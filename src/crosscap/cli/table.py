"""``crosscap table``: scores of the last run, and where its report is; sizes of its graphs; relations it found."""

from __future__ import annotations

import argparse
from pathlib import Path

from crosscap.errors import InputError
from crosscap.evaluation.corpus_table import corpus_table
from crosscap.evaluation.relation_table import relation_table
from crosscap.evaluation.table import metric_table
from crosscap.io.artifacts import read_json

METRICS = Path("reports/metrics")
REPORT = Path("reports/index.html")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--corpus", action="store_true", help="show the sizes of the sentence graphs (UNISON table 1)")
    other.add_argument(
        "--relations", action="store_true", help="show the recall of relations in pictures (PredCls, SGCls, SGDet)"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.corpus:
        return show_corpus()
    if arguments.relations:
        print(relation_table(read_json(METRICS / "stages_relations.json")))
        return 0
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


def show_corpus() -> int:
    files = sorted(METRICS.glob("stages_graphs_*.json"))
    if not files:
        expected, remedy = "the sizes of a corpus' graphs", "Run `dvc repro count_graphs` first."
        raise InputError(METRICS, "no stages_graphs_*.json", expected, remedy)
    for file in files:
        print(f"\nSentence graphs of the pairs in {file.stem.removeprefix('stages_graphs_')}\n")
        print(corpus_table(read_json(file)))
    return 0
