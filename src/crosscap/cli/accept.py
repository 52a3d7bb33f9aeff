"""``crosscap accept``: record a change of comments or docstrings as harmless, so that no stage runs again for it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from crosscap.cli.status import choose, colours
from crosscap.dag_view.screen import encodable, paint
from crosscap.errors import InputError
from crosscap.project import project_root, workflow_module
from crosscap.runs.engine_lock import EngineBusy

GREEN, RED, CYAN, BOLD = "32", "31", "36", "1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="these; without any, all whose code changed")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    root = project_root()
    accept = workflow_module("accept", root)
    try:
        names = choose(arguments.stages, list(workflow_module("dag", root).load_stages(root)))
        plan = accept.plan(root, names)
    except (KeyError, ValueError) as error:  # a parameter that is not there; a damaged lock file
        raise InputError(root, str(error.args[0]), "a workflow that can be resolved") from None
    if plan.refused:
        return _refuse(plan)
    if not plan.files:
        print("Nothing to accept: the code of these stages is as it was when they ran.")
        return 0
    _show(plan)
    count = len(plan.files)
    if not arguments.yes and not _agreed(f"Does this change no result of {_stages(count)}? [y/N] "):
        print("Nothing is recorded.", file=sys.stderr)
        return 1
    return _record(accept, root, plan)


def _record(accept: Any, root: Path, plan: Any) -> int:
    try:
        fresh = accept.record(root, plan)
    except (EngineBusy, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    waiting = [name for name in plan.files if name not in fresh]
    print(f"Recorded for {_stages(len(plan.files))}, in dvc.lock and for Snakemake.")
    if waiting:
        print(f"Not fresh all the same, because of what is upstream: {', '.join(waiting)}. See `crosscap status`.")
    return 0


def _refuse(plan: Any) -> int:
    print("Nothing is recorded: more than comments and docstrings changed.\n", file=sys.stderr)
    for name, against in plan.refused.items():
        print(
            encodable(f"{name}\n" + "\n".join(f"    {text}" for text in against), sys.stderr.encoding), file=sys.stderr
        )
    if plan.files:
        print(f"\nThe others can be accepted: crosscap accept {' '.join(plan.files)}", file=sys.stderr)
    return 1


def _show(plan: Any) -> None:
    colour = colours()
    for (path, md5), lines in plan.diffs.items():
        users = [name for name, files in plan.files.items() if any((c.name, c.old) == (path, md5) for c in files)]
        for number, line in enumerate(lines):
            print(encodable(_painted(line, number, colour), sys.stdout.encoding))
        print(f"used by {', '.join(users)}\n")


def _painted(line: str, number: int, colour: bool) -> str:
    code = BOLD if number < 2 else {"+": GREEN, "-": RED, "@": CYAN}.get(line[:1], "")
    return paint(line, code, colour) if code else line


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def _stages(count: int) -> str:
    return "1 stage" if count == 1 else f"{count} stages"
