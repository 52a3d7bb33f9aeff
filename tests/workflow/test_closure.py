"""For every parameter and every module: what DVC runs, what Snakemake runs and what the DAG says are the same stages.

No stage runs here: the outputs are made up, recorded as fresh, and then one thing after another is changed. Of each DVC
is asked whether it finds that one thing changed, and which keys differ, on which alone Snakemake decides. What follows
for the stages below depends on nothing but the stages that read it: both engines are asked for as many changes as it
takes to have changed something of every stage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
import yaml
from dvc.repo import Repo
from dvc.utils.serialize import parse_yaml

from tests.workflow.conftest import REPOSITORY
from tests.workflow.fabricated import fabricate
from tests.workflow.optional_stages import MATRICES, with_every_stage
from tests.workflow.would_run import dvc_would_run, snakemake_would_run
from workflow.dag import Stage, downstream_of, load_stages
from workflow.digests import Digests
from workflow.keys import stage_keys

SHARES = 2  # groups of flips, which run side by side
pytestmark = pytest.mark.end_to_end


class Flips:
    """A fresh project in which one file at a time is changed and put back."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.stages = fabricate(root, yaml.safe_dump(PARAMETERS))
        self.keys = stage_keys(self.stages, Digests(root))
        self.repository = Repo(str(root))

    @contextmanager
    def changed(self, name: str, text: str) -> Iterator[None]:
        path = self.root / name
        before = path.read_bytes()
        path.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            path.write_bytes(before)

    def readers_of(self, name: str) -> set[str]:
        """The stages that declare the parameter, or list the file; theirs and their closure must run."""
        return {
            stage.name
            for stage in self.stages.values()
            if any(f"{name}.".startswith(f"{key}.") for key in stage.parameters) or name in stage.inputs
        }

    def telling(self, names: Iterable[str]) -> set[str]:
        """Some of ``names``, which together every stage reads that reads any; those with few readers first."""
        chosen, seen = set(), set[str]()
        for name, readers in sorted(((name, self.readers_of(name)) for name in names), key=lambda pair: len(pair[1])):
            if readers - seen:
                chosen.add(name)
                seen |= readers
        return chosen

    def dvc_finds_changed(self, path: str) -> set[str]:
        """The stages for which DVC finds that this file of theirs changed."""
        return {
            stage.name
            for stage in self.repository.index.stages
            if any(dependency.def_path == path and dependency.status() for dependency in stage.deps)
        }

    def parameters_that_dvc_finds_changed(self) -> dict[str, set[str]]:
        """Keys of params.yaml that changed in DVC's eyes, each with the stages of which DVC says so."""
        found: dict[str, set[str]] = {}
        with each_text_parsed_once():
            for stage in self.repository.index.stages:
                for dependency in stage.deps:
                    if dependency.def_path == "params.yaml":
                        for key in dependency.status().get("params.yaml", {}):
                            found.setdefault(key, set()).add(stage.name)
        return found

    def whose_key_differs(self) -> set[str]:
        with each_text_parsed_once():
            keys = stage_keys(load_stages(self.root), Digests(self.root))
        return {name for name, key in self.keys.items() if keys[name] != key}

    def dvc_would_run(self) -> set[str]:
        with each_text_parsed_once():
            return dvc_would_run(self.root, self.repository)

    def snakemake_would_run(self) -> set[str]:
        return snakemake_would_run(self.root)


parsed = cache(parse_yaml)


@contextmanager
def each_text_parsed_once() -> Iterator[None]:
    """DVC parses params.yaml once for every stage, and dvc.yaml at each question: most of its time here."""

    def parse(text: str, *arguments: str, **options: str) -> object:
        return json.loads(text) if text.startswith("{") else deepcopy(parsed(text, *arguments, **options))

    with patch("dvc.utils.serialize._yaml.parse_yaml", parse), patch("dvc.utils.strictyaml.parse_yaml", parse):
        yield


def parameter_leaves(node: object, prefix: str = "") -> list[str]:
    if not isinstance(node, dict):
        return [prefix]
    return [leaf for key, value in node.items() for leaf in parameter_leaves(value, f"{prefix}.{key}".strip("."))]


def modules(stages: Mapping[str, Stage]) -> list[str]:
    """Every module that some stage runs; the others (command line, checks of parameters) are in no stage's deps."""
    inputs = {path for stage in stages.values() for path in stage.inputs}
    return sorted(path for path in inputs if path.startswith(("src/", "stages/")))


PARAMETERS = with_every_stage(yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8")))
LEAVES = [leaf for leaf in parameter_leaves(PARAMETERS) if leaf not in MATRICES]


@pytest.fixture(scope="module")
def flips(tmp_path_factory: pytest.TempPathFactory) -> Flips:
    return Flips(tmp_path_factory.mktemp("closure"))


def test_at_first_nothing_is_to_be_done(flips: Flips) -> None:
    assert flips.dvc_would_run() == flips.snakemake_would_run() == set()


def with_changed(leaves: Iterable[str]) -> str:
    """params.yaml with other values, as JSON, which is YAML and is read a hundred times faster."""
    values = deepcopy(PARAMETERS)
    for leaf in leaves:
        node = values
        *sections, last = leaf.split(".")
        for section in sections:
            node = node[section]
        node[last] = "changed"
    return json.dumps(values)


def test_dvc_finds_every_parameter_changed_for_the_stages_that_declare_it(flips: Flips) -> None:
    with flips.changed("params.yaml", with_changed(LEAVES)):
        found = flips.parameters_that_dvc_finds_changed()
    for leaf in LEAVES:
        assert stages_of(leaf, found) == flips.readers_of(leaf), leaf


def stages_of(leaf: str, found: Mapping[str, set[str]]) -> set[str]:
    """Those of ``found`` whose key is the leaf or a section that it is in."""
    return {name for key, names in found.items() if f"{leaf}.".startswith(f"{key}.") for name in names}


@pytest.mark.parametrize("share", range(SHARES))
def test_of_every_parameter(flips: Flips, share: int) -> None:
    telling = flips.telling(LEAVES)
    for leaf in LEAVES[share::SHARES]:
        with flips.changed("params.yaml", with_changed([leaf])):
            all_agree(flips, leaf, whole=leaf in telling)


@pytest.mark.parametrize("share", range(SHARES))
def test_of_every_module(flips: Flips, share: int) -> None:
    files = modules(flips.stages)
    telling = flips.telling(files)
    for module in files[share::SHARES]:
        with flips.changed(module, (flips.root / module).read_text(encoding="utf-8") + "\nchanged = True\n"):
            assert flips.dvc_finds_changed(module) == flips.readers_of(module), module
            all_agree(flips, module, whole=module in telling)


def all_agree(flips: Flips, name: str, whole: bool) -> None:
    """Keys, and where ``whole`` both engines, say that the readers of ``name`` and all below them are to run."""
    readers = flips.readers_of(name)
    assert readers, f"no stage declares {name}"
    closure = downstream_of(flips.stages, readers)
    assert flips.whose_key_differs() == closure, name
    if whole:
        assert flips.dvc_would_run() == closure, name
        assert flips.snakemake_would_run() == closure, name
