"""Artifacts are whole or absent."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory, atomic_path, read_json, write_json
from crosscap.io.tables import read_table, write_table


class Stop(Exception):
    pass


def test_a_file_that_fails_half_way_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")
    with pytest.raises(Stop), atomic_path(path) as temporary:
        temporary.write_text("half")
        raise Stop
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.txt"]


def test_a_folder_that_fails_half_way_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.mkdir()
    (path / "old").touch()
    with pytest.raises(Stop), atomic_directory(path) as temporary:
        (temporary / "new").touch()
        raise Stop
    assert [str(file.relative_to(tmp_path)) for file in sorted(tmp_path.rglob("*"))] == ["out", "out/old"]
    with atomic_directory(path) as temporary:
        (temporary / "new").touch()
    assert [str(file.relative_to(tmp_path)) for file in sorted(tmp_path.rglob("*"))] == ["out", "out/new"]


def test_json_is_the_same_bytes_for_the_same_value(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"b": 1, "a": "字"})
    write_json(tmp_path / "b.json", {"a": "字", "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert read_json(tmp_path / "a.json") == {"a": "字", "b": 1}


def test_broken_json_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1,\n oops}')
    with pytest.raises(InputError, match=r"a\.json, line 2: found .* at column 2"):
        read_json(tmp_path / "a.json")


def test_json_with_a_byte_order_mark_is_read_as_without(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('\ufeff{"a": "é"}', encoding="utf-8")
    assert read_json(tmp_path / "a.json") == {"a": "é"}


SCHEMA = pa.schema([("id", pa.string()), ("count", pa.int32())])


def test_a_table_comes_back_as_written_and_is_the_same_bytes_twice(tmp_path: Path) -> None:
    rows = [{"id": "a", "count": 1}, {"id": "b", "count": 2}]
    write_table(tmp_path / "a.parquet", rows, SCHEMA)
    write_table(tmp_path / "b.parquet", iter(rows), SCHEMA)
    assert read_table(tmp_path / "a.parquet") == rows
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_table_refuses_rows_of_another_shape(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row 1: found no \['count'\]"):
        write_table(tmp_path / "a.parquet", [{"id": "a", "count": 1}, {"id": "b"}], SCHEMA)
    with pytest.raises(InputError, match=r"a\.parquet: found .*"):
        write_table(tmp_path / "a.parquet", [{"id": "a", "count": "many"}], SCHEMA)
    assert not list(tmp_path.iterdir())


def test_a_missing_column_names_those_there_are(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet", [{"id": "a", "count": 1}], SCHEMA)
    with pytest.raises(InputError, match=r"found columns \['id', 'count'\], expected columns \['id', 'text'\]"):
        read_table(tmp_path / "a.parquet", ["id", "text"])
