"""For every parameter and every module: what DVC runs, what Snakemake runs and what the DAG says are the same stages.

No stage runs here: the outputs are made up, recorded as fresh, and then one thing after another is changed. Of each DVC
is asked whether it finds that one thing changed, and which keys differ, on which alone Snakemake decides. What follows
for the stages below is the same for all things that the same stages read: of such both engines are asked for the first.
"""

from __future__ import annotations

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

SHARES = 4  # groups of flips, which run side by side
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

    def by_readers(self, names: Iterable[str]) -> list[list[str]]:
        """``names``, those together that the same stages read."""
        groups: dict[frozenset[str], list[str]] = {}
        for name in names:
            groups.setdefault(frozenset(self.readers_of(name)), []).append(name)
        return list(groups.values())

    def dvc_finds_changed(self, path: str) -> set[str]:
        """The stages for which DVC finds that this file of theirs, or a parameter in it, changed."""
        with each_text_parsed_once():
            return {
                stage.name
                for stage in self.repository.index.stages
                if any(dependency.def_path == path and dependency.status() for dependency in stage.deps)
            }

    def whose_key_differs(self) -> set[str]:
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

    def parse(*arguments: str, **options: str) -> object:
        return deepcopy(parsed(*arguments, **options))

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


@pytest.mark.parametrize("share", range(SHARES))
def test_of_every_parameter(flips: Flips, share: int) -> None:
    for group in flips.by_readers(LEAVES)[share::SHARES]:
        for leaf in group:
            values = yaml.safe_load(yaml.safe_dump(PARAMETERS))
            node = values
            *sections, last = leaf.split(".")
            for section in sections:
                node = node[section]
            node[last] = "changed"
            with flips.changed("params.yaml", yaml.safe_dump(values)):
                all_agree(flips, leaf, "params.yaml", whole=leaf == group[0])


@pytest.mark.parametrize("share", range(SHARES))
def test_of_every_module(flips: Flips, share: int) -> None:
    for group in flips.by_readers(modules(flips.stages))[share::SHARES]:
        for module in group:
            with flips.changed(module, (flips.root / module).read_text(encoding="utf-8") + "\nchanged = True\n"):
                all_agree(flips, module, module, whole=module == group[0])


def all_agree(flips: Flips, name: str, path: str, whole: bool) -> None:
    readers = flips.readers_of(name)
    assert readers, f"no stage declares {name}"
    assert flips.dvc_finds_changed(path) == readers, name
    closure = downstream_of(flips.stages, readers)
    assert flips.whose_key_differs() == closure, name
    if whole:
        assert flips.dvc_would_run() == closure, name
        assert flips.snakemake_would_run() == closure, name
