"""Changes ``params.yaml`` and keeps its comments."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq

from crosscap.config.schema import check_parameters
from crosscap.io.artifacts import atomic_path

NULL = "tag:yaml.org,2002:null"
FLOAT = "tag:yaml.org,2002:float"


def change_parameters(params: Path, changes: Mapping[str, Any], blamed: str | Path, output: Path | None = None) -> None:
    """Replace the values that ``changes`` names, section by section.

    Args:
        params: the file to read.
        blamed: the file, or command, that errors name.
        output: the file to write; ``params`` itself when None.

    Raises:
        InputError: the result would not be valid; nothing is written then.
    """
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1000
    # As params.yaml writes it; ruamel.yaml would leave the place empty in every line, those of other keys too.
    yaml.representer.add_representer(type(None), lambda writer, _: writer.represent_scalar(NULL, "null"))
    yaml.representer.add_representer(float, lambda writer, value: writer.represent_scalar(FLOAT, _decimal(value)))
    document = yaml.load(params.read_text(encoding="utf-8"))
    _merge(document, changes)
    check_parameters(document, blamed)
    with atomic_path(output or params) as temporary, open(temporary, "w", encoding="utf-8") as stream:
        yaml.dump(document, stream)


def _merge(target: Any, changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if isinstance(value, Mapping) and isinstance(target.get(key), Mapping):
            _merge(target[key], value)
        else:
            target[key] = _in_one_line(value) if isinstance(value, list) else value


def _decimal(value: float) -> str:
    """``0.00005``, never ``5e-05``: that is a text to YAML 1.1, which DVC and `parse_yaml` read."""
    digits = format(Decimal(repr(value)), "f")
    return digits if "." in digits else f"{digits}.0"


def _in_one_line(values: list[Any]) -> CommentedSeq:
    line = CommentedSeq(values)
    line.fa.set_flow_style()
    return line
