from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from .toy import done, sentences, shout, work

ROOT = Path(__file__).parents[2]


def files_in(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.parquet"))


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "other table", "other values", "other shard"])
def test_a_damaged_shard_is_dropped_and_computed_again(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    records = sentences(600)
    expected = [shout(record) for record in records]
    done(records, work(tmp_path))
    before = {path.name: path.read_bytes() for path in files_in(tmp_path)}
    path, other = files_in(tmp_path)[3:5]
    content = path.read_bytes()
    spoilt = {
        "flipped": content[: len(content) // 3]
        + bytes([content[len(content) // 3] ^ 1])
        + content[len(content) // 3 + 1 :],
        "cut": content[:-20],
        "empty": b"",
        "other shard": other.read_bytes(),
    }
    if damage in spoilt:
        path.write_bytes(spoilt[damage])
    elif damage == "other table":
        pq.write_table(pa.table({"record": [1]}), path)
    else:
        table = pq.read_table(path)
        values = pa.array([b"x"] * len(table), pa.binary())
        pq.write_table(table.set_column(1, "value", values), path)  # the checksum stays
    out, counts = done(records, work(tmp_path))
    assert out == expected and 0 < counts.computed < 600
    assert f"{path}: found" in caplog.text and "dropped, it will be computed again" in caplog.text
    assert {path.name: path.read_bytes() for path in files_in(tmp_path)} == before


def test_every_flipped_byte_of_a_shard_is_noticed(tmp_path: Path) -> None:
    """Values that are wrong are worse than values that are missing."""
    records = sentences(20)
    done(records, work(tmp_path))
    (path,) = files_in(tmp_path)
    content = path.read_bytes()
    logging.disable(logging.WARNING)
    try:
        for place in range(0, len(content), 7):
            path.write_bytes(content[:place] + bytes([content[place] ^ 16]) + content[place + 1 :])
            assert done(records, work(tmp_path))[0] == [shout(record) for record in records]
    finally:
        logging.disable(logging.NOTSET)


def test_the_same_records_give_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        done(sentences(300), work(tmp_path / name))
    one, two = ({path.name: path.read_bytes() for path in files_in(tmp_path / name)} for name in ("one", "two"))
    assert one == two


def test_two_processes_fill_one_cache_at_once(tmp_path: Path) -> None:
    noted = [tmp_path / "first", tmp_path / "second"]
    arguments = [str(tmp_path / "cache"), "PLACE", "0.02", "1", "1000"]
    command = [sys.executable, "-m", "tests.incremental.toy"]
    running = [
        subprocess.Popen([*command, *(str(place) if a == "PLACE" else a for a in arguments)], cwd=ROOT)
        for place in noted
    ]
    assert [process.wait(60) for process in running] == [0, 0]  # each checks its own results
    computed = [sum(int(line.split()[1]) for line in place.read_text().splitlines()) for place in noted]
    assert 1000 <= sum(computed) <= 2000
    again, counts = done(sentences(1000), work(tmp_path / "cache", 16))
    assert again == [shout(record) for record in sentences(1000)] and counts.computed == 0
    assert counts.shards == len(files_in(tmp_path / "cache"))
    assert not list((tmp_path / "cache").rglob(".*"))
