"""A project of three small stages, run by the real engines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

DVC_YAML = """
stages:
  draw:
    cmd: python stages/draw.py
    params: [draw.count]
    deps: [stages/draw.py]
    outs: [data/drawn]
  count:
    matrix: {target: "${languages.targets}"}
    cmd: python stages/count.py ${item.target}
    params: [count.scale]
    deps: [data/drawn, stages/count.py]
    outs: ["data/count_${item.target}.txt"]
  evaluate:
    matrix: {target: "${languages.targets}"}
    cmd: python stages/evaluate.py ${item.target}
    deps: ["data/count_${item.target}.txt", stages/evaluate.py]
    metrics:
      - "reports/${item.target}.json": {cache: false}
"""
PARAMS = "languages: {targets: [zh, de]}\ndraw: {count: 3}\ncount: {scale: 2}\n"
STAGES = {
    "draw": """
import pathlib, yaml
folder = pathlib.Path("data/drawn"); folder.mkdir(parents=True, exist_ok=True)
for number in range(yaml.safe_load(open("params.yaml"))["draw"]["count"]):
    (folder / f"{number}.txt").write_text(str(number))
""",
    "count": """
import pathlib, sys, yaml
scale = yaml.safe_load(open("params.yaml"))["count"]["scale"]
total = scale * len(list(pathlib.Path("data/drawn").iterdir()))
pathlib.Path(f"data/count_{sys.argv[1]}.txt").write_text(str(total))
""",
    "evaluate": """
import json, pathlib, sys
pathlib.Path("reports").mkdir(exist_ok=True)
value = int(pathlib.Path(f"data/count_{sys.argv[1]}.txt").read_text())
pathlib.Path(f"reports/{sys.argv[1]}.json").write_text(json.dumps({"count": value}))
""",
}


@dataclass(frozen=True)
class Project:
    """A project folder and the engines to run in it."""

    root: Path

    def run(self, *command: str, check: bool = True) -> str:
        """Standard output and error of ``command``."""
        environment = {name: value for name, value in os.environ.items() if name != "CROSSCAP_ENGINE"}
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        result = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)
        assert not check or result.returncode == 0, result.stdout + result.stderr
        return result.stdout + result.stderr

    def snakemake(self, *arguments: str, check: bool = True) -> str:
        return self.run("snakemake", "--cores", "2", *arguments, check=check)

    def snakemake_would_run(self) -> set[str]:
        """Names of the rules that Snakemake would run now."""
        summary = [line.split() for line in self.run("snakemake", "-n").splitlines()]
        rules = {"draw", "count_zh", "count_de", "evaluate_zh", "evaluate_de"}
        return {words[0] for words in summary if len(words) == 2 and words[0] in rules and words[1].isdigit()}

    def dvc_is_clean(self) -> bool:
        return "up to date" in self.run("dvc", "status")

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


def make_project(folder: Path) -> Project:
    """The small project in an empty folder."""
    shutil.copytree(REPOSITORY / "workflow", folder / "workflow", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "Snakefile", folder)
    shutil.copy(REPOSITORY / ".gitignore", folder)
    (folder / "dvc.yaml").write_text(DVC_YAML)
    (folder / "params.yaml").write_text(PARAMS)
    (folder / "stages").mkdir()
    for name, code in STAGES.items():
        (folder / "stages" / f"{name}.py").write_text(code)
    made = Project(folder)
    made.run("git", "init", "-q")
    made.run("dvc", "init", "-q")
    made.run("dvc", "config", "core.analytics", "false")
    return made


def copy_of(project: Project, folder: Path) -> Project:
    """A project like this one, with its caches and its history, in a new folder."""
    return Project(Path(shutil.copytree(project.root, folder, symlinks=True)))


# Engines take seconds to start: what they did once is copied for each test.


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which nothing ran. Not to be changed, as those below."""
    return make_project(tmp_path_factory.mktemp("untouched"))


@pytest.fixture(scope="session")
def ran_by_dvc(untouched: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which DVC ran everything, committed to Git."""
    made = copy_of(untouched, tmp_path_factory.mktemp("dvc") / "project")
    made.run("dvc", "repro")
    commit(made, "all ran")
    return made


@pytest.fixture(scope="session")
def ran_by_snakemake(untouched: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which Snakemake ran everything, committed to Git."""
    made = copy_of(untouched, tmp_path_factory.mktemp("snakemake") / "project")
    made.snakemake("all")
    commit(made, "all ran")
    return made


@pytest.fixture
def project(untouched: Project, tmp_path: Path) -> Project:
    """A project in which nothing ran; its folder is the test's own."""
    shutil.copytree(untouched.root, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Project(tmp_path)


def commit(project: Project, message: str) -> None:
    project.run("git", "add", "-A")
    project.run("git", "-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "-qm", message)
