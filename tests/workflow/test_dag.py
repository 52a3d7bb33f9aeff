"""The DAG that Snakemake runs is the one that DVC resolves, and it tells the truth about parameters and code."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from dvc.repo import Repo

from tests.workflow.conftest import REPOSITORY
from tests.workflow.optional_stages import MATRICES, with_every_stage
from workflow.code_dependencies import import_closure, updated
from workflow.dag import Stage, downstream_of, load_stages
from workflow.digests import Digests
from workflow.keys import stage_keys


@pytest.fixture(scope="module")
def stages() -> dict[str, Stage]:
    return load_stages(REPOSITORY)


def leaves(node: object, prefix: str = "") -> list[str]:
    if not isinstance(node, dict):
        return [prefix]
    return [leaf for key, value in node.items() for leaf in leaves(value, f"{prefix}.{key}".strip("."))]


def test_the_stages_are_those_of_dvcs_own_index(stages: dict[str, Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    with Repo(str(REPOSITORY)) as repository:
        index = {stage.addressing: stage for stage in repository.index.stages}
        assert set(stages) == set(index)
        for name, stage in stages.items():
            theirs = index[name]
            assert stage.command == theirs.cmd
            assert set(stage.outputs) == {out.def_path for out in theirs.outs}
            assert set(stage.inputs) == {dep.def_path for dep in theirs.deps if dep.def_path != "params.yaml"}
            assert set(stage.parameters) == {p for dep in theirs.deps if hasattr(dep, "params") for p in dep.params}
        edges = {(a.addressing, b.addressing) for a, b in repository.index.graph.edges}
        assert {(name, other) for name, stage in stages.items() for other in stage.upstream} == edges


def test_code_dependencies_in_dvc_yaml_are_the_import_closures() -> None:
    text = (REPOSITORY / "dvc.yaml").read_text(encoding="utf-8")
    assert updated(text, REPOSITORY) == text, "run `make dependencies`"


def test_every_parameter_reaches_the_stages_that_declare_it_and_their_closure_alone(tmp_path: Path) -> None:
    """For every leaf: the stages whose key changes are those that declare it, and what depends on them."""
    (tmp_path / "dvc.yaml").write_bytes((REPOSITORY / "dvc.yaml").read_bytes())
    values = with_every_stage(yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8")))
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(values))
    stages = load_stages(tmp_path)
    before = stage_keys(stages, Digests(tmp_path))
    unread = []
    for leaf in leaves(values):
        if leaf in MATRICES:
            continue  # these make stages of their own: see the next test
        readers = {n for n, s in stages.items() if any((leaf + ".").startswith(key + ".") for key in s.parameters)}
        unread += [] if readers else [leaf]
        changed = yaml.safe_load(yaml.safe_dump(values))
        node = changed
        *sections, last = leaf.split(".")
        for section in sections:
            node = node[section]
        node[last] = "changed"
        path.write_text(yaml.safe_dump(changed))
        try:
            after = stage_keys(load_stages(tmp_path), Digests(tmp_path))
        finally:
            path.write_text(yaml.safe_dump(values))
        assert {name for name in before if after.get(name) != before[name]} == downstream_of(stages, readers), leaf
    assert unread == [], "parameters that no stage declares"


def test_another_target_language_adds_only_its_own_stages(tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_bytes((REPOSITORY / "dvc.yaml").read_bytes())
    values = yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8"))
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(values))
    before = load_stages(tmp_path)
    values["languages"]["targets"] = [*values["languages"]["targets"], "de"]
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(values))
    added = set(load_stages(tmp_path)) - set(before)
    assert {"filter_corpus@de", "train_phase1@de-hgm", "evaluate@de-hgm"} <= added
    assert all("@de" in name for name in added)


def test_imports_inside_functions_and_named_files_count_and_imports_for_type_checkers_do_not(tmp_path: Path) -> None:
    files = {
        "stages/work.py": "from crosscap.a import one\n",
        "src/crosscap/__init__.py": '"""Only words."""\n',
        "src/crosscap/a/__init__.py": "",
        "src/crosscap/a/one.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import crosscap.a.types\n"
        "def f():\n    from crosscap.b.two import g\nPAGE = 'page.js'\n",
        "src/crosscap/a/page.js": "one;\n",
        "src/crosscap/a/unnamed.js": "",
        "src/crosscap/a/types.py": "",
        "src/crosscap/b/__init__.py": "VALUE = 1\n",
        "src/crosscap/b/two.py": "def g(): ...\n",
        "src/crosscap/b/unused.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert import_closure(Path("stages/work.py"), tmp_path) == [
        "src/crosscap/a/one.py",
        "src/crosscap/a/page.js",
        "src/crosscap/b/__init__.py",
        "src/crosscap/b/two.py",
        "stages/work.py",
    ]


def test_the_digest_of_a_folder_is_dvcs(tmp_path: Path) -> None:
    for name in ("x/1", "x.y", "é", "x z"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text({"x/1": "a\n", "x.y": "b\n", "é": "c\n", "x z": "q\n"}[name])
    assert (
        Digests(tmp_path.parent)[tmp_path.name] == "e3ebf896be8eff59ad57a1930bc3e282.dir"
    )  # as `dvc repro` wrote it for this folder
    assert Digests(tmp_path)["none"] == "missing"
