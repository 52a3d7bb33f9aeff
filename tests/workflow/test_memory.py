"""What is remembered between runs, digests and the resolved DAG, saves time and never tells a lie."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from workflow import dag
from workflow.dag import load_stages
from workflow.digests import MEMORY, MISSING, SETTLED_NS, Digests

DVC_YAML = """
stages:
  work:
    cmd: python work.py
    params: [numbers]
    deps: [work.py]
    outs: [out.txt]
"""


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files whose bytes were read for a digest."""
    import hashlib

    read, original = [], hashlib.file_digest

    def count(stream: Any, digest: Any) -> Any:
        read.append(Path(stream.name).name)
        return original(stream, digest)

    monkeypatch.setattr(hashlib, "file_digest", count)
    return read


def let_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the files had been written long ago."""
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + 2 * SETTLED_NS)


def test_a_file_that_stands_as_it_was_is_not_read_again(
    tmp_path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("a", "b"):
        (tmp_path / "folder" / name).write_text(name)
    let_settle(monkeypatch)
    first = Digests(tmp_path)
    whole = first["folder"]
    first.save()
    assert sorted(hashed) == ["a", "b"]
    assert Digests(tmp_path)["folder"] == whole
    assert sorted(hashed) == ["a", "b"]
    (tmp_path / "folder/b").write_text("c")
    assert Digests(tmp_path)["folder"] != whole
    assert sorted(hashed) == ["a", "b", "b"]


def test_a_file_that_was_just_written_is_read_again(tmp_path: Path, hashed: list[str]) -> None:
    """It could change once more within the resolution of the clock."""
    (tmp_path / "young").write_text("1")
    for _ in range(2):
        digests = Digests(tmp_path)
        assert digests["young"] == "c4ca4238a0b923820dcc509a6f75849b"  # MD5 of "1"
        digests.save()
    assert hashed == ["young", "young"]


def test_the_old_time_of_modification_does_not_hide_new_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("1")
    status = path.stat()
    let_settle(monkeypatch)
    digests = Digests(tmp_path)
    before = digests["file"]
    digests.save()
    time.sleep(0.02)
    path.write_text("2")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert Digests(tmp_path)["file"] != before


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '{"file": 3}', '{"file": [[1, 2, 3, 4]]}'])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    (tmp_path / "file").write_text("1")
    (tmp_path / MEMORY).parent.mkdir()
    (tmp_path / MEMORY).write_text(content)
    assert Digests(tmp_path)["file"] == "c4ca4238a0b923820dcc509a6f75849b"
    assert Digests(tmp_path)["other"] == MISSING


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dvc.yaml").write_text(DVC_YAML)
    (tmp_path / "params.yaml").write_text("numbers: {a: 1}\n")
    return tmp_path


def test_the_dag_is_resolved_once_for_the_same_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_stages(project)
    monkeypatch.setattr(dag, "_resolve", lambda root: pytest.fail("resolved again"))
    assert load_stages(project) == first


def test_another_parameter_is_another_dag(project: Path) -> None:
    load_stages(project)
    (project / "params.yaml").write_text("numbers: {a: 2}\n")
    assert load_stages(project)["work"].parameters == {"numbers": {"a": 2}}


def test_parameters_that_json_would_change_are_not_remembered(project: Path) -> None:
    (project / "params.yaml").write_text("numbers: {1: one, 2: two}\n")
    assert load_stages(project)["work"].parameters == {"numbers": {1: "one", 2: "two"}}
    assert load_stages(project)["work"].parameters == {"numbers": {1: "one", 2: "two"}}


def test_a_damaged_dag_is_resolved_again(project: Path) -> None:
    first = load_stages(project)
    for path in (project / dag.MEMORY).iterdir():
        path.write_text(json.dumps([{"name": "work"}]))
    assert load_stages(project) == first
