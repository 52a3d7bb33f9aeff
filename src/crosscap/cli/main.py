"""The command ``crosscap``: what a user does beside running the workflow."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module

from crosscap.errors import InputError, printable

# Each command's module offers `add_arguments(parser)` and `run(arguments) -> exit code`; only the one asked for is
# imported, so that a short command does not wait for torch.
COMMANDS = {
    "status": "show what would run, and why",
    "accept": "record a change of comments or docstrings as harmless, so that nothing runs again for it",
    "caption": "caption images with the trained models",
    "show": "draw a picture with its boxes and its scene graph",
    "graph": "show the scene graph of an English sentence",
    "evaluate": "score a file of captions that any system made",
    "table": "print the scores of the last run",
    "judge": "let people rate captions: blinded sheets, and their scores",
    "compare": "say whether two runs, commits or files of captions differ by more than chance",
    "ablation": "train and evaluate the models of UNISON's tables, and print the tables",
    "cache": "show or prune what is kept of finished work",
    "check": "check params.yaml",
    "files": "show which of your own files are read, and let the engines watch them",
    "recover": "after a power cut: mend what DVC was writing",
    "schema": "print the JSON schema of params.yaml",
    "preset": "put a set of parameters from workflow/presets/ into params.yaml",
}


def main(words: list[str] | None = None) -> None:
    """Run one command; a mistake of the user ends with one line on stderr and exit code 1."""
    try:
        try:
            code = _run(sys.argv[1:] if words is None else words)
        finally:
            sys.stdout.flush()  # here, and not when Python ends, where a closed pipe cannot be dealt with
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        code = 1
    except BrokenPipeError:  # `crosscap status | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:  # a folder in the place of a file, one that nobody may read: no mistake of the program
        if error.filename is None:
            raise
        print(f"error: {printable(os.fsdecode(error.filename))}: {error.strerror}", file=sys.stderr)
        code = 1
    sys.exit(code)


def _run(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="crosscap",
        description="Image captioning without image-caption data. The workflow runs by `dvc repro` or `snakemake`.",
        epilog="`crosscap COMMAND --help` tells a command's options; README.md and docs/map.md are where to begin.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    runners: dict[str, Callable[[argparse.Namespace], int]] = {}
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name in words[:1]:
            module = import_module(f"crosscap.cli.{name}")
            module.add_arguments(command)
            runners[name] = module.run
    arguments = parser.parse_args(words)
    return runners[arguments.command](arguments)
