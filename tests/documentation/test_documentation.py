"""What the pages say can be done can be done: links lead somewhere, commands, parameters, stages and files exist."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import yaml

from crosscap.cli.main import COMMANDS
from crosscap.config.schema import check_parameters
from crosscap.io.yaml_text import parse_yaml
from tests.documentation.pages import PAGES, REPOSITORY, Page

# Options of other programs that pages name without their program.
OF_OTHERS = {
    "--set-resources",
    "--report",
    "--executor",
    "--gpus",
    "--no-path",
    "--all",
    "--targets",
    "--profile",
    "--config",
}
COMMAND_LINE = REPOSITORY / "src/crosscap/cli"
CODE_FOLDERS = ("src/", "stages/", "workflow/", "docs/", "tests/", "benchmarks/", ".dvc/")
everywhere = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.name)


@everywhere
def test_links_lead_to_files_and_headings_that_exist(page: Page) -> None:
    for link in page.links:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.path.parent / name if name else page.path
        assert target.is_file(), link
        assert not anchor or anchor in Page(target).anchors, link


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [PAGES[0].path]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            links = [(path.parent / link.partition("#")[0]).resolve() for link in Page(path).links]
            waiting += [link for link in links if link.suffix == ".md" and link.is_file()]
    assert {page.path for page in PAGES} <= reached


@cache
def options_of(command: str) -> frozenset[str]:
    """Of a crosscap command, read from its code and the modules of `cli` that it imports: nothing waits for torch."""
    found, waiting, seen = set(), [f"{command}.py"], set()
    while waiting:
        tree = ast.parse((COMMAND_LINE / waiting.pop()).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                words = {word.value for word in node.args if isinstance(word, ast.Constant)}
                found.update(
                    word for word in words if isinstance(word, str) and re.fullmatch("--[a-z][a-z0-9-]*", word)
                )
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("crosscap.cli."):
                name = f"{str(node.module).rpartition('.')[2]}.py"
                waiting += [name] if name not in seen else []
                seen.add(name)
    return frozenset(found | {"--help"})


@everywhere
def test_commands_and_their_options_exist(page: Page) -> None:
    for words in page.commands("crosscap"):
        if words == ["--help"]:
            continue
        assert words[0] in COMMANDS, words
        assert {word for word in words if word.startswith("--")} <= options_of(words[0]), words


@everywhere
def test_options_that_stand_alone_are_options_of_some_command(page: Page) -> None:
    known = set().union(*map(options_of, COMMANDS)) | OF_OTHERS
    for name in page.names:
        if name.startswith("--"):
            assert set(re.findall(r"(?<!\S)--[a-z][a-z0-9-]*", name)) <= known, name


@cache
def schema() -> Any:
    return json.loads((REPOSITORY / "params.schema.json").read_text(encoding="utf-8"))


def is_parameter(path: str) -> bool:
    """Whether ``a.b.c`` is a key of ``params.yaml``, of a value that may be null there or of an item of a list too."""
    candidates = [schema()]
    for key in path.split("."):
        found = []
        while candidates:
            node = candidates.pop()
            if "$ref" in node:
                candidates.append(schema()["$defs"][node["$ref"].rpartition("/")[2]])
            candidates += node.get("anyOf", []) + node.get("oneOf", [])
            candidates += [node["items"]] if isinstance(node.get("items"), dict) else []
            within = node.get("properties", {})
            if key in within or key == "*":
                found.append(within.get(key, node))
            elif isinstance(node.get("additionalProperties"), dict):
                found.append(node["additionalProperties"])
        candidates = found
    return bool(candidates)


@everywhere
def test_parameters_exist(page: Page) -> None:
    sections = "|".join(schema()["properties"])
    for name in page.names:
        found = re.match(rf"(?:{sections})(?:\.[a-z_0-9*]+)+(?=$|[: ,])", name)
        assert not found or is_parameter(found[0]), name


def parameters() -> dict[str, Any]:
    return dict(parse_yaml((REPOSITORY / "params.yaml").read_bytes()))


@cache
def stages() -> dict[str, Any]:
    """As ``dvc.yaml`` writes them, copies not told apart."""
    return dict(parse_yaml((REPOSITORY / "dvc.yaml").read_bytes())["stages"])


def merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(values)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


def test_examples_of_parameters_are_valid() -> None:
    """A block of YAML is a part of ``params.yaml``, or of ``collect.files`` where its keys are keys of that."""
    brought = {"parallel": [{"target": "zh", "licence": "mine", "paths": ["pairs.tsv"]}]}
    values = merged(parameters(), {"collect": {"source": "files", "files": brought}})
    checked = 0
    for page in PAGES:
        for block in page.blocks:
            try:
                changes = parse_yaml(block)
            except yaml.YAMLError:
                continue
            if not isinstance(changes, dict) or not all(isinstance(key, str) for key in changes):
                continue
            if all(is_parameter(f"collect.files.{key}") for key in changes):
                changes = {"collect": {"files": changes}}
            if set(changes) <= set(values):
                check_parameters(merged(values, changes), page.path)
                checked += 1
    assert checked >= 5


@everywhere
def test_stages_exist(page: Page) -> None:
    named = {name.partition("@")[0] for name in page.names if re.fullmatch(r"[a-z0-9_]+@[\w-]+", name)}
    for words in page.commands("dvc repro"):
        named.update(word.partition("@")[0] for word in words if not word.startswith("-"))
    for words in page.commands("crosscap status"):
        named.update(word for word in words if "_" in word)
    assert named <= set(stages()), named - set(stages())


def test_the_map_has_every_stage_with_its_settings_its_cache_and_its_library() -> None:
    rows = [line.strip("| ").split(" | ") for line in (REPOSITORY / "docs/map.md").read_text("utf-8").splitlines()]
    shown = {words[0]: row for row in rows if len(row) == 5 and (words := re.findall(r"^`(\w+)`", row[0]))}
    assert set(shown) == set(stages())
    for name, stage in stages().items():
        first, _, settings, _, library = shown[name]
        assert ("◦" in first) == ("scatter" in stage.get("meta", {})), name
        declared = {str(parameter).partition(".")[0] for parameter in stage.get("params", [])}
        assert set(re.findall(r"`(\w+)`", settings)) == declared - {"languages"}, f"{name}: docs/map.md"
        for folder in re.findall(r"`([\w/]+)`", library):
            assert any(code.startswith(f"src/crosscap/{folder}/") for code in stage["deps"]), (name, folder)


@everywhere
def test_code_that_is_named_exists(page: Page) -> None:
    for words in page.commands("make"):
        assert re.search(rf"^{words[0]}:", (REPOSITORY / "Makefile").read_text(), re.MULTILINE), words
    scripts = [words[0] for program in ("python", "pytest") for words in page.commands(program)]
    for name in [*page.names, *(script for script in scripts if not script.startswith("-"))]:
        if name.startswith(CODE_FOLDERS) and not re.search(r"[<>*{} ]", name):
            assert (REPOSITORY / name).exists(), name
        if found := re.fullmatch(r"crosscap((?:\.[a-z_]+)+)(?:\.[A-Z]\w+)?(?<!\.json)", name):
            module = REPOSITORY / "src/crosscap" / found[1][1:].replace(".", "/")
            assert module.is_dir() or module.with_suffix(".py").is_file(), name


def test_pages_that_code_and_parameters_refer_to_exist() -> None:
    places = [REPOSITORY / name for name in ("params.yaml", "dvc.yaml", "Makefile", "Snakefile")]
    places += [path for name in ("src", "stages", "workflow") for path in (REPOSITORY / name).rglob("*.py")]
    named = {name for path in places for name in re.findall(r"docs/[\w-]+\.md", path.read_text(encoding="utf-8"))}
    assert len(named) >= 5
    assert {name for name in named if not (REPOSITORY / name).is_file()} == set()
