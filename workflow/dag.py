"""The stages of ``dvc.yaml``, as DVC itself resolves them, without opening a DVC repository."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from crosscap.io.artifacts import write_text
from crosscap.io.yaml_text import parse_yaml

DEFINITION, PARAMETERS = "dvc.yaml", "params.yaml"
# The resolved stages, so that the next start imports nothing of DVC. Named by all that they depend on.
MEMORY = Path("work/dag")


@dataclass(frozen=True)
class Stage:
    """One stage with its templates filled in.

    Attributes:
        name: DVC's name, such as ``train_phase1@zh-hgm``.
        command: what both engines run.
        inputs: files and folders it reads, code included.
        outputs: files and folders it writes, metrics and plots included.
        parameters: declared keys of ``params.yaml`` and their values.
        meta: ``threads``, ``memory_mb``, ``gpu``, ``runtime_minutes``, ``scatter``; for Snakemake only.
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

    @property
    def map_command(self) -> str | None:
        """The command that does a share of the work when a task (3/8) is appended; None: the stage is not scattered."""
        return self.meta.get("scatter", {}).get("map")


class Producers:
    """Which stages write a path, something inside it, or a folder that holds it."""

    def __init__(self, stages: Iterable[Stage]) -> None:
        self.writer = {output: stage.name for stage in stages for output in stage.outputs}
        self.sorted = sorted(self.writer)

    def of(self, path: str) -> list[str]:
        parts = path.split("/")
        holders = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        start = bisect_left(self.sorted, f"{path}/")
        inside = []
        for output in self.sorted[start:]:
            if not output.startswith(f"{path}/"):
                break
            inside.append(output)
        return [self.writer[output] for output in (*holders, *inside) if output in self.writer]


def load_stages(root: Path = Path()) -> dict[str, Stage]:
    """Every stage of ``root/dvc.yaml``, each after the stages it depends on.

    Raises:
        KeyError: a stage declares a parameter that ``params.yaml`` does not have.
        graphlib.CycleError: stages that wait for each other.
        dvc.exceptions.DvcException: what DVC itself finds wrong in ``dvc.yaml``.
    """
    sources = [(root / name).read_bytes() for name in (DEFINITION, PARAMETERS)]
    sources += [Path(__file__).read_bytes(), version("dvc").encode()]
    digest = hashlib.sha256(b"\0".join(hashlib.sha256(source).digest() for source in sources)).hexdigest()[:20]
    memory = root / MEMORY / f"{digest}.json"
    if (known := _remembered(memory)) is not None:
        return known
    stages = _resolve(root)
    _remember(memory, stages)
    return stages


def downstream_of(stages: Mapping[str, Stage], names: Iterable[str]) -> set[str]:
    """``names`` and every stage that depends on one of them."""
    reached = set(names)
    for name, stage in stages.items():  # stages stand in topological order
        if reached.intersection(stage.upstream):
            reached.add(name)
    return reached


def leaf_inputs(stages: Mapping[str, Stage]) -> dict[str, list[str]]:
    """Of every stage the inputs that no stage produces: code and files of the user."""
    producers = Producers(stages.values())
    return {name: [path for path in stage.inputs if not producers.of(path)] for name, stage in stages.items()}


def _resolve(root: Path) -> dict[str, Stage]:
    from dvc.fs import localfs  # slow to import
    from dvc.parsing import DataResolver

    definition, values = (read_yaml(root / name) for name in (DEFINITION, PARAMETERS))
    repository = SimpleNamespace(fs=localfs, config={"parsing": {}})
    resolved = DataResolver(repository, str(root), definition).resolve()["stages"]
    stages = [_stage(name, entry, values) for name, entry in resolved.items()]
    producers = Producers(stages)
    upstream = {s.name: tuple(dict.fromkeys(name for path in s.inputs for name in producers.of(path))) for s in stages}
    linked = {stage.name: replace(stage, upstream=upstream[stage.name]) for stage in stages}
    return {name: linked[name] for name in TopologicalSorter(upstream).static_order()}


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


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file, with no checks: DVC has its own."""
    return parse_yaml(path.read_bytes())


def _remembered(path: Path) -> dict[str, Stage] | None:
    try:
        entries: Sequence[dict[str, Any]] = json.loads(path.read_bytes())
        lists = ("inputs", "outputs", "upstream")
        return {entry["name"]: Stage(**{**entry, **{key: tuple(entry[key]) for key in lists}}) for entry in entries}
    except (OSError, ValueError, KeyError, TypeError):
        return None  # absent or damaged: it is only a memory


def _remember(path: Path, stages: Mapping[str, Stage]) -> None:
    try:
        text = json.dumps([asdict(stage) for stage in stages.values()])
    except TypeError:  # a date in params.yaml, say: DVC takes it, JSON does not
        return
    if [entry["parameters"] for entry in json.loads(text)] != [dict(stage.parameters) for stage in stages.values()]:
        return  # a mapping with numbers for keys, which JSON makes strings
    path.parent.mkdir(parents=True, exist_ok=True)
    for stale in path.parent.glob("*.json"):
        stale.unlink(missing_ok=True)
    write_text(path, text)
