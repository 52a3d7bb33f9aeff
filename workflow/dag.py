"""The stages of ``dvc.yaml``, as DVC itself resolves them, without opening a DVC repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from dvc.fs import localfs
from dvc.parsing import DataResolver


@dataclass(frozen=True)
class Stage:
    """One stage with its templates filled in.

    Attributes:
        name: DVC's name, such as ``train_phase1@zh-hgm``.
        command: what both engines run.
        inputs: files and folders it reads, code included.
        outputs: files and folders it writes, metrics and plots included.
        parameters: declared keys of ``params.yaml`` and their values.
        meta: ``threads``, ``memory_mb``, ``gpu``, ``runtime_minutes``; for Snakemake only.
        upstream: names of the stages whose outputs it reads.
    """

    name: str
    command: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    parameters: Mapping[str, Any]
    meta: Mapping[str, Any] = field(default_factory=dict)
    upstream: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The name in ``dvc.yaml``: ``train_phase1``."""
        return self.name.partition("@")[0]

    @property
    def rule(self) -> str:
        """The name of the Snakemake rule: ``train_phase1_zh_hgm``."""
        return self.name.replace("@", "_").replace("-", "_")


def load_stages(root: Path = Path()) -> dict[str, Stage]:
    """Every stage of ``root/dvc.yaml``, each after the stages it depends on."""
    definition = yaml.safe_load((root / "dvc.yaml").read_text(encoding="utf-8"))
    values = yaml.safe_load((root / "params.yaml").read_text(encoding="utf-8"))
    repository = SimpleNamespace(fs=localfs, config={"parsing": {}})
    resolved = DataResolver(repository, str(root), definition).resolve()["stages"]
    stages = [_stage(name, entry, values) for name, entry in resolved.items()]
    producers = {output: stage.name for stage in stages for output in stage.outputs}
    linked = {}
    for stage in stages:
        upstream = tuple(dict.fromkeys(p for i in stage.inputs for p in _producers(i, producers)))
        linked[stage.name] = Stage(**{**vars(stage), "upstream": upstream})
    order = TopologicalSorter({name: stage.upstream for name, stage in linked.items()}).static_order()
    return {name: linked[name] for name in order}


def downstream_of(stages: Mapping[str, Stage], names: Iterable[str]) -> set[str]:
    """``names`` and every stage that depends on one of them."""
    reached = set(names)
    for name, stage in stages.items():  # stages stand in topological order
        if reached.intersection(stage.upstream):
            reached.add(name)
    return reached


def leaf_inputs(stage: Stage, stages: Mapping[str, Stage]) -> list[str]:
    """The inputs that no stage produces: code and files of the user."""
    producers = {output: other.name for other in stages.values() for output in other.outputs}
    return [path for path in stage.inputs if not _producers(path, producers)]


def _stage(name: str, entry: Mapping[str, Any], values: Mapping[str, Any]) -> Stage:
    outputs = [_path(item) for key in ("outs", "metrics", "plots") for item in entry.get(key, ())]
    return Stage(
        name=name,
        command=entry["cmd"],
        inputs=tuple(_path(item) for item in entry.get("deps", ())),
        outputs=tuple(outputs),
        parameters={key: _lookup(values, key, name) for key in entry.get("params", ())},
        meta=entry.get("meta", {}),
    )


def _path(item: str | Mapping[str, Any]) -> str:
    return item if isinstance(item, str) else next(iter(item))


def _lookup(values: Mapping[str, Any], key: str, stage: str) -> Any:
    node: Any = values
    for part in key.split("."):
        if not isinstance(node, Mapping) or part not in node:
            raise KeyError(f"stage {stage!r} declares the parameter {key!r}, which params.yaml does not have")
        node = node[part]
    return node


def _producers(path: str, producers: Mapping[str, str]) -> list[str]:
    """Stages that write ``path``, something inside it, or a folder that holds it."""
    return [name for output, name in producers.items() if _within(path, output) or _within(output, path)]


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
