from __future__ import annotations

import argparse
import random

import pytest

from crosscap.incremental.shards import Shard, cut
from crosscap.incremental.task import Task

from .toy import sentences


def shards_of(records: list[str], size: int) -> list[Shard[str]]:
    return list(cut(records, str.encode, size))


@pytest.mark.parametrize("seed", range(10))
def test_shards_hold_every_record_once_in_order_within_their_bounds(seed: int) -> None:
    generator = random.Random(seed)
    size = generator.choice([1, 2, 3, 10, 64, 500])
    pool = sentences(generator.randint(1, 3000), seed)
    records = [generator.choice(pool) for _ in range(generator.randint(0, 5000))]
    shards = shards_of(records, size)
    assert [shard.records[name] for shard in shards for name in shard.order] == records
    assert [shard.index for shard in shards] == list(range(len(shards)))
    assert [shard.start for shard in shards] == [sum(len(s.order) for s in shards[:n]) for n in range(len(shards))]
    assert all(max(1, size // 4) <= len(shard.order) <= 4 * size for shard in shards[:-1])
    assert all(list(shard.records) == list(dict.fromkeys(shard.order)) for shard in shards)


def test_shards_are_of_about_the_size_asked_for() -> None:
    for size in (16, 64, 256):
        assert len(shards_of(sentences(50_000), size)) == pytest.approx(50_000 / size, rel=0.15)


def test_what_is_inserted_at_the_top_moves_no_other_boundary() -> None:
    records = sentences(10_000)
    before = {tuple(shard.order) for shard in shards_of(records, 64)}
    after = {tuple(shard.order) for shard in shards_of([*sentences(300, seed=1), *records], 64)}
    assert len(before) > 140 and len(before - after) <= 2


def test_one_sentence_over_and_over_is_cut_too() -> None:
    for sentence in sentences(100):
        sizes = [len(shard.order) for shard in shards_of([sentence] * 1000, 16)]
        assert sum(sizes) == 1000 and max(sizes) <= 64


def test_a_shard_size_below_one_is_an_error() -> None:
    with pytest.raises(ValueError, match="found a shard size of 0"):
        shards_of(["a"], 0)


def test_every_shard_belongs_to_one_task() -> None:
    tasks = [Task.parse(f"{number}/3") for number in range(3)]
    for index in range(10):
        assert [task.has(index) for task in tasks] == [number == index % 3 for number in range(3)]


@pytest.mark.parametrize("text", ["3/3", "-1/3", "1", "1/0", "0/0", "a/b", "1/2/3", "", "1 / 2", "١/٢", "1/2\n"])
def test_what_is_no_task_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="expected NUMBER/COUNT with 0 <= NUMBER < COUNT"):
        Task.parse(text)
