"""The user's files as dependencies of `collect` in ``dvc.yaml``, so that both engines see when one changes.

DVC cannot take dependencies from a nested parameter, so `crosscap files --write` enters the paths of ``collect.files``.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from pydantic import BaseModel
from ruamel.yaml import YAML

from crosscap.config.collect import CollectSettings
from crosscap.config.loader import read_yaml

_PATHS = (  # the keys that hold paths
    *("path", "paths", "images", "folder", "annotations", "classes", "attributes"),
    *("object_aliases", "predicate_aliases", "train", "dev", "val", "test"),
)
_CODE = ("src", "stages")


def user_paths(collect: CollectSettings) -> list[str]:
    """The files and folders that ``collect`` names, sorted; none for the storybook."""
    if collect.source != "files" or collect.files is None:
        return []
    return sorted(set(_paths(collect.files)))


def _paths(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _paths(getattr(value, name), name)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _paths(item, "" if isinstance(item, BaseModel) else name)
    elif isinstance(value, tuple):
        for item in value:
            yield from _paths(item, key)
    elif isinstance(value, str) and key in _PATHS:
        yield value


def declared_paths(dag: str | Path = "dvc.yaml") -> list[str]:
    """The dependencies of `collect` that are no code."""
    deps = read_yaml(dag)["stages"]["collect"].get("deps", [])
    return sorted(dep for dep in deps if Path(dep).parts[0] not in _CODE)


def with_paths(text: str, paths: list[str]) -> str:
    """``dvc.yaml``'s ``text`` with ``paths`` as the data that `collect` depends on; comments and order stay."""
    yaml = YAML()
    yaml.width = 160
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text)
    stage = document["stages"]["collect"]
    stage["deps"] = paths + [dep for dep in stage.get("deps", ()) if Path(dep).parts[0] in _CODE]
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()
