"""``crosscap preset``: put a set of parameters into ``params.yaml`` and keep its comments."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosscap.config.editing import change_parameters
from crosscap.config.loader import read_yaml
from crosscap.errors import InputError

PRESETS = Path("workflow/presets")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", metavar="PRESET", help="a file of workflow/presets/ without .yaml (tiny, unison_paper, …), or a path"
    )
    parser.add_argument("--data", default="", metavar="FOLDER", help="what {data} stands for in the preset's paths")
    parser.add_argument("--params", default="params.yaml", metavar="FILE", help="the file to change")


def run(arguments: argparse.Namespace) -> int:
    path = Path(arguments.name) if arguments.name.endswith(".yaml") else PRESETS / f"{arguments.name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in PRESETS.glob("*.yaml")))
        raise InputError(path, "no such file", f"one of {known}, or a path that ends in .yaml")
    apply_preset(path, Path(arguments.params), arguments.data)
    print(f"{arguments.params} now holds {path}; `git diff {arguments.params}` shows what changed")
    return 0


def apply_preset(preset: Path, params: Path, data: str) -> None:
    """Replace the values that ``preset`` names; ``params`` is untouched when the result would not be valid.

    Raises:
        InputError: unreadable files, unknown keys, or ``{data}`` used without a folder to stand for it.
    """
    changes = read_yaml(preset)
    if not data and "{data}" in preset.read_text(encoding="utf-8"):
        raise InputError(preset, "{data} in a path", "a folder to put there", "Give it with --data FOLDER.")
    change_parameters(params, _filled(changes, data), preset)


def _filled(value: Any, data: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(item, data) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, data) for item in value]
    return value.replace("{data}", data) if isinstance(value, str) else value
