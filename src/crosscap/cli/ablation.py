"""``crosscap ablation``: train and evaluate the models of UNISON's tables, and print the tables."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crosscap.ablation.forecast import PARAMS, forecast
from crosscap.ablation.layout import markdown
from crosscap.ablation.published import TABLES
from crosscap.ablation.runs import needed_runs, seeds_of, with_runs
from crosscap.ablation.tables import read_tables
from crosscap.config.editing import change_parameters
from crosscap.config.schema import load_parameters
from crosscap.dag_view.words import duration
from crosscap.errors import InputError
from crosscap.project import project_root, workflow_module
from crosscap.significance.resampling import Resampling
from crosscap.systems.unison.run_name import VARIANTS
from crosscap.text.tokenizers import check_language

ENGINES = ("snakemake", "dvc")
BLAMED = "crosscap ablation"
# Table 2 needs captions in the target language, which not everybody has.
DEFAULT_TABLES = tuple(key for key in TABLES if key != "T2")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Train and evaluate the models of UNISON's tables, and print the tables with the paper's numbers. The models' "
        "names are added to phase1.variants and phase2.variants of params.yaml; what is finished does not run again."
    )
    parser.add_argument(
        "--tables",
        nargs="+",
        choices=TABLES,
        default=list(DEFAULT_TABLES),
        metavar="TABLE",
        help="which of %(choices)s (default: all but T2, for which captions in the target language are needed)",
    )
    parser.add_argument(
        "--variants",
        nargs="+",
        choices=VARIANTS,
        default=list(VARIANTS),
        metavar="VARIANT",
        help="only models of these: %(choices)s (default: all)",
    )
    parser.add_argument(
        "--seeds",
        type=int,
        default=3,
        metavar="N",
        help="models that differ in the seed alone (default: %(default)s)",
    )
    parser.add_argument("--target", metavar="LANGUAGE", help="language of the captions (default: the first target)")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="default: %(default)s")
    parser.add_argument(
        "--cores", type=int, default=os.cpu_count(), metavar="N", help="Snakemake's cores (default: %(default)s)"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would run, and change nothing")


def run(arguments: argparse.Namespace) -> int:
    for name in ("seeds", "cores"):
        if getattr(arguments, name) < 1:
            raise InputError(BLAMED, f"--{name} {getattr(arguments, name)}", "1 or more")
    root = project_root()
    parameters = load_parameters(root / PARAMS)
    target = arguments.target or parameters.languages.targets[0]
    check_language(target)
    seeds = seeds_of(arguments.seeds, parameters.phase1.seed)
    names = needed_runs(arguments.tables, arguments.variants, seeds)
    if not names:
        raise InputError(BLAMED, f"no {', '.join(arguments.variants)} in {', '.join(arguments.tables)}", "some model")
    changes = with_runs(parameters.model_dump(mode="json"), names, target)
    goal = f"write_tables@{target}"
    command = engine_command(arguments.engine, arguments.cores, goal)
    if arguments.dry_run:
        print(f"{len(names)} models: {' '.join(names)}\n")
        show_forecast(root, changes, goal)
        print(f"\nThe engine's command: {' '.join(command)}")
        return 0
    if changes:
        change_parameters(root / PARAMS, changes, BLAMED)
        print(f"{PARAMS} names {len(names)} models; `git diff {PARAMS}` shows what changed", flush=True)
    code = subprocess.run(command, cwd=root, env=_environment(), check=False).returncode
    if code:
        print(f"error: {command[0]} ended with {code}; what is finished stands, start again to go on", file=sys.stderr)
        show_finished(root, target)
        return code
    print((root / f"reports/tables/{target}.md").read_text(encoding="utf-8"), end="")
    return 0


def show_finished(root: Path, target: str) -> None:
    """Print the tables of the models that are finished: one that failed does not hide the others."""
    parameters = load_parameters(root / PARAMS)
    statuses = workflow_module("status", root).assess(root)
    names = list(dict.fromkeys(parameters.phase2.variants))
    finished = [name for name in names if statuses[f"evaluate@{target}-{name}"].state == "fresh"]
    missing = [name for name in names if name not in finished]
    if missing:
        print(f"not finished: {' '.join(missing)}", file=sys.stderr)
    if finished:
        settings = parameters.evaluation
        plan = Resampling(settings.bootstrap_samples, settings.confidence, settings.bootstrap_seed)
        tables = read_tables(root, target, finished, parameters.phase1.seed, plan)
        print(markdown(f"UNISON's tables, captions in {target}, finished models alone", tables), end="")


def engine_command(engine: str, cores: int, goal: str) -> list[str]:
    """A failed model does not keep the others from being finished."""
    if engine == "dvc":
        return ["dvc", "repro", "--keep-going", goal]
    return ["snakemake", "--cores", str(cores), "--keep-going", goal.replace("@", "_")]


def show_forecast(root: Path, changes: dict[str, Any], goal: str) -> None:
    rows = forecast(root, changes, [goal], BLAMED)
    if not rows:
        print("Nothing to run.")
        return
    width = max(len(row.group) for row in rows)
    for row in rows:
        each = f"   {duration(row.seconds)} each" if row.seconds is not None else ""
        print(f"{row.group:<{width}} {len(row.names):>4}{each}".rstrip())
    known = [row.seconds * len(row.names) for row in rows if row.seconds is not None]
    unknown = sum(len(row.names) for row in rows if row.seconds is None)
    text = f"{sum(len(row.names) for row in rows)} stages at most"
    if known:
        text += f", about {duration(sum(known))} one after another by the last times"
    if known and unknown:
        text += f" ({unknown} without one)"
    print(f"\n{text}.")


def _environment() -> dict[str, str]:
    """This one's, with the engines beside this interpreter first."""
    folders: Sequence[str] = (str(Path(sys.executable).parent), os.environ.get("PATH", ""))
    return {**os.environ, "PATH": os.pathsep.join(folders)}
