"""A scattered stage: map tasks side by side, then a gathering; any number of tasks gives the same bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.workflow.conftest import Project

# 3,000 lines are cut into shards of about 100: well over 11.
STAGE = """
import argparse, hashlib, pathlib, yaml
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import Work, run_task, results
from crosscap.incremental.task import Task
from crosscap.runs.stage import run

def start():
    return lambda lines: [hashlib.sha256(line.encode()).hexdigest().encode() for line in lines]

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--map", type=Task.parse)
    task = parser.parse_args().map
    text = pathlib.Path("data/drawn/text").read_text().splitlines()
    work = Work("hash", start, str.encode, stage_identity("hash"), shard_size=100)
    if task:
        run_task(text, work, task)
    else:
        pathlib.Path("data/hashes.txt").write_bytes(b"".join(value + b"\\n" for value in results(text, work)))

if __name__ == "__main__":
    run(main)
"""
DVC_YAML = """
stages:
  draw:
    cmd: python stages/draw.py
    params: [draw.count]
    deps: [stages/draw.py]
    outs: [data/drawn]
  hash:
    cmd: python stages/hash.py
    deps: [data/drawn, stages/hash.py]
    meta: {scatter: {map: python stages/hash.py --map}}
    outs: [data/hashes.txt]
"""
DRAW = """
import pathlib, yaml
pathlib.Path("data/drawn").mkdir(parents=True, exist_ok=True)
count = yaml.safe_load(open("params.yaml"))["draw"]["count"]
pathlib.Path("data/drawn/text").write_text("".join(f"line {number}\\n" for number in range(count)))
"""


@pytest.fixture
def scattered(project: Project) -> Project:
    (project.root / "dvc.yaml").write_text(DVC_YAML)
    (project.root / "stages/draw.py").write_text(DRAW)
    (project.root / "stages/hash.py").write_text(STAGE)
    project.replace("params.yaml", "count: 3", "count: 3000")
    return project


def expected(count: int) -> bytes:
    return b"".join(hashlib.sha256(f"line {n}".encode()).hexdigest().encode() + b"\n" for n in range(count))


def shards(project: Project) -> list[Path]:
    return sorted((project.root / "work/cache/hash").rglob("*.parquet"))


@pytest.mark.parametrize("tasks", [1, 3, 8])
def test_any_number_of_tasks_gives_the_same_bytes(scattered: Project, tasks: int) -> None:
    output = scattered.snakemake("hash", "--config", f"scatter={tasks}")
    assert (scattered.root / "data/hashes.txt").read_bytes() == expected(3000)
    assert len(shards(scattered)) >= 11
    assert output.count("rule hash_map:") == (tasks if tasks > 1 else 0)
    assert not list((scattered.root / "work/stamps/maps").glob("*"))  # Snakemake removed them after the gathering
    assert scattered.dvc_is_clean()
    assert "Nothing to be done" in scattered.run("snakemake", "-n", "hash", "--config", f"scatter={tasks}")
    assert "Nothing to be done" in scattered.run("snakemake", "-n", "hash")


def test_tasks_that_are_done_are_not_done_again(scattered: Project) -> None:
    scattered.snakemake("hash_map", "--config", "scatter=3", check=False)
    scattered.snakemake("hash", "--config", "scatter=3", "--until", "hash_map")
    done = {path: path.stat().st_mtime_ns for path in shards(scattered)}
    assert len(done) >= 11
    output = scattered.snakemake("hash", "--config", "scatter=3")
    assert "0 computed" in output
    assert {path: path.stat().st_mtime_ns for path in shards(scattered)}.keys() == done.keys()


def test_more_lines_compute_only_themselves_by_either_engine(scattered: Project) -> None:
    scattered.snakemake("hash", "--config", "scatter=3")
    scattered.replace("params.yaml", "count: 3000", "count: 3030")
    output = scattered.run("dvc", "repro")
    assert "30 computed" in output
    assert (scattered.root / "data/hashes.txt").read_bytes() == expected(3030)


@pytest.mark.parametrize("number", ["0", "-2", "many"])
def test_a_senseless_number_of_tasks_is_an_error(scattered: Project, number: str) -> None:
    output = scattered.snakemake("-n", "hash", "--config", f"scatter={number}", check=False)
    assert f"scatter={number}: expected the number of map tasks" in output
