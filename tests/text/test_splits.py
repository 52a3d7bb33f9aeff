from __future__ import annotations

import numpy as np
import pytest

from crosscap.config.filter import Split
from crosscap.text.splits import Splitter
from crosscap.text.verdicts import split_key


def keys(count: int) -> np.ndarray:
    return np.array([split_key(f"sentence{number}") for number in range(count)], np.uint64)


def split(found: np.ndarray, val: float, test: float, pieces: int = 1) -> list[str]:
    return Splitter(lambda: np.array_split(found, pieces), Split(val=val, test=test)).split(found).to_pylist()


def test_shares_split_by_sentence():
    names = split(keys(4000), 0.25, 0.25)
    assert [names.count(name) for name in ("train", "val", "test")] == [1984, 1006, 1010]


@pytest.mark.parametrize("pieces", [1, 7])
def test_counts_give_exactly_so_many_pairs(pieces):
    names = split(keys(500), 40, 0.1, pieces)
    assert [names.count(name) for name in ("train", "val", "test")] == [410, 40, 50]


def test_counts_take_the_lowest_keys_and_pairs_of_one_sentence_stay_together():
    found = np.sort(np.concatenate([keys(300), keys(300)]))
    names = split(found, 20, 5)
    assert names[:26] == ["test"] * 6 + ["val"] * 20
    assert set(names[26:]) == {"train"}


def test_more_than_there_is_takes_all():
    assert set(split(keys(10), 5, 100)) == {"test"}


@pytest.mark.parametrize("nothing", [0, 0.0])
def test_without_validation_and_test_everything_is_training(nothing):
    assert set(split(keys(10), nothing, nothing)) == {"train"}
