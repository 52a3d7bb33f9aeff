"""What a stage was run with and what it made: the common form of ``dvc.lock``'s entries and of Snakemake's stamps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from crosscap.io.yaml_text import parse_yaml
from workflow.dag import Stage
from workflow.digests import Digests

Kind = Literal["never run", "command", "parameter", "code", "input", "output"]
CODE = ("src/", "stages/")


@dataclass(frozen=True)
class Record:
    """One run of a stage.

    Attributes:
        command: what was run.
        parameters: declared keys of ``params.yaml`` and the values it ran with.
        inputs: digests of the files and folders it read, code included.
        outputs: digests of what it wrote.
    """

    command: str
    parameters: Mapping[str, Any]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> Record | None:
        """The record, or None when the text is not one."""
        try:
            values = json.loads(text)
            return Record(values["command"], values["parameters"], values["inputs"], values["outputs"])
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True)
class Change:
    """One reason why a record no longer holds: what ``name`` was then (``old``) and is now (``new``).

    None where the path or the parameter was not, or no longer is, part of the stage.
    """

    kind: Kind
    name: str
    old: Any = None
    new: Any = None


def changes(stage: Stage, record: Record | None, digests: Digests) -> list[Change]:
    """Everything that differs between ``record`` and the stage as it stands; empty when the record holds."""
    if record is None:
        return [Change("never run", stage.name)]
    found = [] if record.command == stage.command else [Change("command", stage.name, record.command, stage.command)]
    found += _differences(record.parameters, stage.parameters, lambda name: "parameter")
    inputs = {path: digests[path] for path in stage.inputs}
    found += _differences(record.inputs, inputs, lambda path: "code" if path.startswith(CODE) else "input")
    outputs = {path: digests[path] for path in stage.outputs}
    return found + _differences(record.outputs, outputs, lambda path: "output")


def holds(stage: Stage, record: Record | None, digests: Digests) -> bool:
    """Whether ``record`` describes the stage as it stands. Outputs, which are the largest, are read last."""
    return (
        record is not None
        and record.command == stage.command
        and record.parameters == stage.parameters
        and set(record.inputs) == set(stage.inputs)
        and set(record.outputs) == set(stage.outputs)
        and all(digests[path] == digest for path, digest in (*record.inputs.items(), *record.outputs.items()))
    )


def current_record(stage: Stage, digests: Digests) -> Record:
    """The record of a stage that has just run."""
    return Record(
        stage.command,
        dict(stage.parameters),
        {path: digests[path] for path in stage.inputs},
        {path: digests[path] for path in stage.outputs},
    )


def read_lock(root: Path = Path()) -> dict[str, Record]:
    """The records of ``dvc.lock`` by stage name; empty without the file.

    Raises:
        ValueError: the file is not what DVC writes, for instance after a merge conflict.
    """
    path = root / "dvc.lock"
    if not path.is_file():
        return {}
    try:
        return parse_lock(path.read_bytes())
    except ValueError as error:
        remedy = (
            "`crosscap recover` mends one that DVC wrote halfway, `git checkout dvc.lock` brings back the committed one"
        )
        raise ValueError(f"dvc.lock: {error}; {remedy}") from None


def parse_lock(text: bytes) -> dict[str, Record]:
    """The records in the text of a ``dvc.lock``.

    Raises:
        ValueError: it is not what DVC writes.
    """
    try:
        content = parse_yaml(text) or {}
        return {name: _record(entry) for name, entry in content.get("stages", {}).items()}
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"not a lock file of DVC ({error})") from None


def _record(entry: Mapping[str, Any]) -> Record:
    digests = {
        kind: {item["path"]: item.get("md5", "missing") for item in entry.get(kind, ())} for kind in ("deps", "outs")
    }
    return Record(entry["cmd"], entry.get("params", {}).get("params.yaml", {}), digests["deps"], digests["outs"])


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], kind: Callable[[str], Kind]) -> list[Change]:
    names = [*old, *(name for name in new if name not in old)]
    differ = [name for name in names if name not in old or name not in new or old[name] != new[name]]
    return [Change(kind(name), name, old.get(name), new.get(name)) for name in differ]
