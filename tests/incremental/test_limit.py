from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.incremental.limit import cache_limit, parse_size, prune, stored_shards

from .toy import done, sentences, shout, work


def age(folder: Path, seconds: float) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - seconds,) * 2)


@pytest.mark.parametrize(
    ("text", "size"),
    [("20GB", 20 * 10**9), ("1.5 tb", 1500 * 10**9), ("500M", 5 * 10**8), ("7kB", 7000), ("0", 0), ("12B", 12)],
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "20 GiB", "1e9", "many"])
def test_what_is_no_size_is_an_error_before_any_work(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSCAP_CACHE_LIMIT", text)
    with pytest.raises(InputError, match=r"^CROSSCAP_CACHE_LIMIT: found '.*', expected a size such as 20GB"):
        done(["a"], work(tmp_path))
    assert not list(tmp_path.iterdir())


def test_the_limit_is_20_gigabytes_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CROSSCAP_CACHE_LIMIT", raising=False)
    assert cache_limit() == 20 * 10**9


def test_a_gathering_drops_what_was_not_used_for_longest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, used, new = sentences(600, 1), sentences(600, 2), sentences(600, 3)
    done(old, work(tmp_path))
    done(used, work(tmp_path))
    age(tmp_path, 100)
    done(used, work(tmp_path))
    total = sum(shard.size for shard in stored_shards(tmp_path))
    monkeypatch.setenv("CROSSCAP_CACHE_LIMIT", f"{total}B")
    out, _ = done(new, work(tmp_path))
    assert out == [shout(record) for record in new]
    assert sum(shard.size for shard in stored_shards(tmp_path)) <= total
    monkeypatch.delenv("CROSSCAP_CACHE_LIMIT")
    assert done(used, work(tmp_path))[1].computed == done(new, work(tmp_path))[1].computed == 0
    assert done(old, work(tmp_path))[1].computed > 500


def test_a_limit_below_one_run_still_gives_its_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSCAP_CACHE_LIMIT", "0")
    records = sentences(300)
    assert done(records, work(tmp_path))[0] == [shout(record) for record in records]
    assert stored_shards(tmp_path) == []


def test_what_a_killed_writer_left_goes_after_a_day(tmp_path: Path) -> None:
    done(sentences(100), work(tmp_path))
    folder = next(tmp_path.glob("toy/*"))
    left = folder / ".0000064-shard.parquet.x1.parquet"
    left.write_bytes(b"half")
    prune(tmp_path, 10**9)
    assert left.exists()
    age(tmp_path, 90_000)
    prune(tmp_path, 10**9)
    assert not left.exists() and len(stored_shards(tmp_path)) > 0
    prune(tmp_path, 0)
    age(tmp_path, 90_000)
    prune(tmp_path, 0)
    assert not (folder / "identity.json").exists()
