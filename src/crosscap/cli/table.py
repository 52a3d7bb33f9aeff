"""``crosscap table``: scores of the last run, and where its report is; sizes of its graphs; relations it found."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from crosscap.config.loader import read_yaml
from crosscap.errors import InputError
from crosscap.evaluation.corpus_table import corpus_table
from crosscap.evaluation.relation_table import relation_table
from crosscap.evaluation.table import metric_table, seed_notes
from crosscap.io.artifacts import read_json

METRICS = Path("reports/metrics")
TABLES = Path("reports/tables")
SIGNIFICANCE = Path("reports/significance")
REPORT = Path("reports/index.html")
PARAMS = Path("params.yaml")
OTHER_STAGES = ("stages_", "content_", "trees_")


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
        print(relation_table(read_json(METRICS / "stages_relations.json"), chance_of("stages_relations")))
        return 0
    files = metrics_files()
    if not files:
        raise InputError(METRICS, "no metrics", "the scores of a run", "Run `dvc repro` first.")
    for file in files:
        language, _, name = file.stem.partition("_")
        variant, *differences = name.split("-")
        title = ", ".join([f"UNISON {variant.upper().replace('_', '+')}", *differences])
        print(f"\nCaptions in {language}, {title}\n")
        print(metric_table(read_json(file), name, chance_of(language)))
    for language in dict.fromkeys(file.stem.partition("_")[0] for file in files):
        for note in seed_notes(chance_of(language) or {}):
            print(f"\n{note}")
    for table in sorted(TABLES.glob("*.md")):
        print(f"\nBeside the numbers of UNISON's paper: {table}")
    if REPORT.is_file():
        print(f"\nThe report with pictures: {REPORT}")
    return 0


def chance_of(name: str) -> Any:
    """The intervals of a language's captions or of a stage's scores; None where that did not run."""
    path = SIGNIFICANCE / f"{name}.json"
    return read_json(path) if path.is_file() else None


def metrics_files() -> list[Path]:
    """Those of the models that ``params.yaml`` names: others may lie there from earlier runs. Without it, all."""
    files = sorted(file for file in METRICS.glob("*.json") if not file.name.startswith(OTHER_STAGES))
    if not PARAMS.is_file():
        return files
    values = read_yaml(PARAMS)
    try:
        named = {
            f"{target}_{name}" for target in values["languages"]["targets"] for name in values["phase2"]["variants"]
        }
    except (KeyError, TypeError):
        raise InputError(
            PARAMS, "no languages.targets or no phase2.variants", "both", "Run `crosscap check`."
        ) from None
    return [file for file in files if file.stem in named]


def show_corpus() -> int:
    files = sorted(METRICS.glob("stages_graphs_*.json"))
    if not files:
        expected, remedy = "the sizes of a corpus' graphs", "Run `dvc repro count_graphs` first."
        raise InputError(METRICS, "no stages_graphs_*.json", expected, remedy)
    for file in files:
        print(f"\nSentence graphs of the pairs in {file.stem.removeprefix('stages_graphs_')}\n")
        print(corpus_table(read_json(file)))
    return 0
