"""``crosscap files``: the user's files that `collect` reads, and whether ``dvc.yaml`` watches them."""

from __future__ import annotations

import argparse
from pathlib import Path

from crosscap.collection.declared_files import declared_paths, user_paths, with_paths
from crosscap.config.schema import load_parameters
from crosscap.io.artifacts import write_text

DAG = Path("dvc.yaml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--write", action="store_true", help="make the files dependencies of collect in dvc.yaml")


def run(arguments: argparse.Namespace) -> int:
    paths, declared = user_paths(load_parameters().collect), declared_paths(DAG)
    for path in paths:
        state = "watched" if path in declared else "not watched"
        print(f"{state if Path(path).exists() else 'missing':11} {path}")
    if paths == declared:
        print("dvc.yaml watches what collect.files names")
        return 0
    if not arguments.write:
        print("dvc.yaml watches other files than collect.files names: run `crosscap files --write`")
        return 1
    write_text(DAG, with_paths(DAG.read_text(encoding="utf-8"), paths))
    print("dvc.yaml now watches what collect.files names")
    return 0
