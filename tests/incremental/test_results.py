"""What is computed and what comes from the cache."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosscap.incremental.results import Counts, results, run_task
from crosscap.incremental.task import Task

from .toy import done, sentences, shout, work


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_order_and_are_computed_once(tmp_path: Path, processes: int) -> None:
    records = sentences(1500)
    expected = [shout(record) for record in records]
    first, counts = done(records, work(tmp_path), processes)
    again, none = done(records, work(tmp_path), processes)
    assert first == again == expected
    assert (counts.records, counts.computed, counts.cached) == (1500, 1500, 0)
    assert (none.shards, none.computed, none.cached) == (counts.shards, 0, 1500) and counts.shards >= 11


@pytest.mark.parametrize("tasks", [1, 3, 8])
def test_scattered_over_tasks_the_results_are_the_same(tmp_path: Path, tasks: int) -> None:
    records = sentences(1500)
    whole, alone = done(records, work(tmp_path / "alone"))
    shares = []
    for number in random.Random(tasks).sample(range(tasks), tasks):  # tasks end in any order
        counts = Counts()
        run_task(records, work(tmp_path / "tasks"), Task(number, tasks), 1, counts)
        shares.append(counts)
    assert sum(share.computed for share in shares) == 1500
    assert max(share.shards for share in shares) - min(share.shards for share in shares) <= 1
    gathered, gathering = done(records, work(tmp_path / "tasks"))
    assert gathered == whole and alone.shards >= 11
    assert (gathering.computed, gathering.cached) == (0, 1500)
    files = [sorted(path.name for path in (tmp_path / name).rglob("*.parquet")) for name in ("alone", "tasks")]
    assert files[0] == files[1] and len(files[0]) == alone.shards


def test_a_gathering_computes_what_a_lost_task_left(tmp_path: Path) -> None:
    records = sentences(1500)
    lost = Counts()
    run_task(records, work(tmp_path / "other"), Task(1, 3), 1, lost)
    for number in (0, 2):
        run_task(records, work(tmp_path), Task(number, 3))
    out, counts = done(records, work(tmp_path))
    assert out == [shout(record) for record in records] and 0 < counts.computed == lost.computed < 1500


@pytest.mark.parametrize("seed", range(3))
def test_a_hundredth_changed_computes_about_a_hundredth(tmp_path: Path, seed: int) -> None:
    """10,000 records in shards of 64: nearly half of the shards have a changed record."""
    generator = random.Random(seed)
    records = sentences(10_000, seed)
    done(records, work(tmp_path))

    changed = list(records)
    for place in generator.sample(range(10_000), 100):
        changed[place] = f"another {seed} {place}"
    out, counts = done(changed, work(tmp_path))
    assert out == [shout(record) for record in changed]
    assert 100 <= counts.computed <= 130

    inserted = [f"new {seed} {number}" for number in range(100)] + records
    out, counts = done(inserted, work(tmp_path))
    assert out == [shout(record) for record in inserted]
    assert counts.computed == 100

    kept = [record for record in records if generator.random() > 0.01]
    out, counts = done(kept, work(tmp_path))
    assert out == [shout(record) for record in kept] and len(kept) < 9950
    assert counts.computed <= 30


@pytest.mark.parametrize("seed", range(15))
def test_after_any_edits_the_results_are_those_of_the_records(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    size = generator.choice([3, 16, 64])
    records = sentences(generator.randint(0, 400), seed)
    known: set[str] = set()
    for edit in range(8):
        out, counts = done(records, work(tmp_path, size))
        assert out == [shout(record) for record in records]
        assert counts.computed >= len(set(records) - known), "only records that were seen can be in the cache"
        assert counts.computed + counts.cached <= counts.records == len(records)
        known.update(records)
        first, last = sorted(generator.choices(range(len(records) + 1), k=2))
        block = records[first:last]
        records = generator.choice(
            [
                records[:first] + records[last:],  # deleted
                records[:first] + sentences(generator.randint(1, 100), 1000 * seed + edit) + records[first:],
                records[last:] + block + records[:first],  # moved
                records + block,  # repeated
                [record if generator.random() > 0.1 else f"{record} changed" for record in records],
                generator.sample(records, len(records)),
            ]
        )


def test_a_repeated_record_is_computed_once_a_shard(tmp_path: Path) -> None:
    out, counts = done(["a", "b", "a", "a"], work(tmp_path))
    assert out == [b"A", b"B", b"A", b"A"] and (counts.records, counts.computed) == (4, 2)


def test_results_of_another_identity_are_not_taken(tmp_path: Path) -> None:
    records = sentences(200)
    done(records, work(tmp_path, beam=2))
    assert done(records, work(tmp_path, beam=3))[1].cached == 0
    assert done(records, work(tmp_path, beam=2))[1].cached == 200


@pytest.mark.parametrize("processes", [1, 2])
def test_records_are_read_as_they_are_needed(tmp_path: Path, processes: int) -> None:
    """A corpus of any size passes through: what is read ahead is bounded."""
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield f"sentence {read}"

    for seen, result in enumerate(results(endless(), work(tmp_path, 16), processes), 1):
        assert result == f"SENTENCE {seen}".encode()
        assert read - seen <= 64 * (8 * processes + 2)
        if seen == 5000:
            break


def test_no_records_give_no_results(tmp_path: Path) -> None:
    assert done([], work(tmp_path), 2) == ([], Counts())
