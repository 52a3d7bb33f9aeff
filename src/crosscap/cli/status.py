"""``crosscap status``: what would run, and why; as a drawing in the terminal, as JSON, or as a picture."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crosscap.dag_view.node import STATES, Node, grouped
from crosscap.dag_view.screen import encodable, screen
from crosscap.dag_view.words import duration
from crosscap.errors import InputError
from crosscap.project import project_root, workflow_module

SCREENFUL = 40  # lines; a longer listing is grouped, then folded


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "stages",
        nargs="*",
        metavar="STAGE",
        help="train_phase2, train_phase2@zh-hgm: with all reasons, and what they depend on",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--picture", type=Path, metavar="FILE.svg", help="draw the stages into a file")
    parser.add_argument("--all", action="store_true", help="show every stage and every reason, however many there are")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a stage is not fresh")


def run(arguments: argparse.Namespace) -> int:
    if arguments.picture is not None and arguments.picture.suffix != ".svg":
        raise InputError(arguments.picture, f"the ending {arguments.picture.suffix!r}", "a file name that ends in .svg")
    root = project_root()
    module = workflow_module("status", root)
    try:
        statuses = module.assess(root)
    except (KeyError, ValueError) as error:  # a parameter that is not there; a damaged lock file
        raise InputError(root, str(error.args[0]), "a workflow that can be resolved") from None
    asked = choose(arguments.stages, list(statuses))
    if asked:
        chosen = module.upstream_of({name: status.stage for name, status in statuses.items()}, asked)
        statuses = {name: status for name, status in statuses.items() if name in chosen}
    nodes = [_node(status, set(statuses)) for status in statuses.values()]
    if arguments.picture is not None:
        from crosscap.dag_view.picture import dag_picture
        from crosscap.io.artifacts import write_text

        write_text(arguments.picture, dag_picture(nodes) + "\n")
    if arguments.json:
        print(json.dumps(_as_json(statuses), ensure_ascii=False, indent=1, default=str))
    else:
        _print(nodes, asked, arguments.all)
    return int(arguments.check and any(status.state != "fresh" for status in statuses.values()))


def choose(words: Sequence[str], names: Sequence[str]) -> list[str]:
    """The stages that ``words`` name: ``train_phase1@zh-hgm``, or ``train_phase1`` for all its copies."""
    chosen: dict[str, None] = {}
    for word in words:
        found = [name for name in names if word in (name, name.partition("@")[0])]
        if not found:
            raise InputError("dvc.yaml", f"no stage {word!r}", "a stage", f"There are {', '.join(names)}.")
        chosen.update(dict.fromkeys(found))
    return list(chosen)


def colours() -> bool:
    """Whether standard output shows colours: a terminal, and ``NO_COLOR`` is not set (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _print(nodes: Sequence[Node], asked: Sequence[str], everything: bool) -> None:
    shown = nodes if everything or len(nodes) <= SCREENFUL else grouped(nodes)
    fold = not everything and len(shown) > SCREENFUL
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() and not everything else None
    full = {node.name for node in nodes} if everything else set(asked)
    lines = [*screen(shown, width, colours(), fold, full), "", *_summary(nodes)]
    for line in lines:
        print(encodable(line, sys.stdout.encoding))


def _node(status: Any, shown: set[str]) -> Node:
    return Node(
        status.stage.name,
        tuple(name for name in status.stage.upstream if name in shown),
        {status.stage.name: status.state},
        (*_about_the_run(status), *status.reasons),
        status.seconds,
        status.because,
    )


def _about_the_run(status: Any) -> list[str]:
    if status.state == "running":
        return [f"for {duration(time.time() - status.run.started)} (pid {status.run.pid} on {status.run.host})"]
    if status.state == "failed":
        return [f"{duration(time.time() - status.run.ended)} ago with exit code {status.run.exit}"]
    if status.state == "killed":
        return [f"started {duration(time.time() - status.run.started)} ago and was killed"]
    return []


def _summary(nodes: Sequence[Node]) -> list[str]:
    counts = Counter(node.state for node in nodes)
    parts = [f"{counts[state]} {state}" for state in reversed(STATES) if counts[state] or state in ("fresh", "stale")]
    waiting = [node for node in nodes if node.state not in ("fresh", "running")]
    text = ", ".join(parts) + ". "
    if not waiting:
        return [text + ("Nothing to run." if not counts["running"] else "Nothing else to run.")]
    known = [node.seconds for node in waiting if node.seconds is not None]
    text += f"The next run would run {_stages(len(waiting))} at most"  # DVC skips those whose inputs did not change
    if known:
        text += f", about {duration(sum(known))} by the last times"
    if known and len(known) < len(waiting):
        text += f" ({_stages(len(waiting) - len(known))} without one)"
    lines = [f"{text}."]
    reasons = [reason for node in waiting for reason in node.reasons]
    if not counts["never run"] and all(r.startswith("output ") and r.endswith("is missing") for r in reasons):
        lines.append(
            "Only outputs are missing: `dvc checkout` or `dvc pull` brings back those that are kept somewhere."
        )
    return lines


def _stages(count: int) -> str:
    return "1 stage" if count == 1 else f"{count} stages"


def _as_json(statuses: Mapping[str, Any]) -> dict[str, Any]:
    stages = [
        {
            "name": name,
            "state": status.state,
            "command": status.stage.command,
            "upstream": list(status.stage.upstream),
            "changes": [vars(change) for change in status.changes],
            "reasons": list(status.reasons),
            "because": list(status.because),
            "seconds": status.seconds,
            "run": None if status.run is None else vars(status.run),
        }
        for name, status in statuses.items()
    ]
    return {"stages": stages, "counts": dict(Counter(status.state for status in statuses.values()))}
