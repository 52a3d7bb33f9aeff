from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crosscap.io.growing_array import GrowingArray


def test_an_array_that_grew_is_the_file_that_numpy_writes(tmp_path: Path) -> None:
    rows = np.arange(3000, dtype=np.float32).reshape(1000, 3)
    with GrowingArray(tmp_path / "grown.npy", np.float32, (3,)) as array:
        for start, stop in ((0, 7), (7, 7), (7, 1000)):
            array.append(rows[start:stop])
    np.save(tmp_path / "saved.npy", rows)
    assert (tmp_path / "grown.npy").read_bytes() == (tmp_path / "saved.npy").read_bytes()


def test_an_array_without_rows_keeps_its_shape(tmp_path: Path) -> None:
    with GrowingArray(tmp_path / "empty.npy", np.int64):
        pass
    read = np.load(tmp_path / "empty.npy", mmap_mode="r")
    assert read.shape == (0,) and read.dtype == np.int64


@pytest.mark.parametrize("rows", [np.zeros((2, 4), np.float32), np.zeros((2, 3), np.float64)])
def test_rows_of_another_kind_are_not_written(tmp_path: Path, rows: np.ndarray) -> None:
    array = GrowingArray(tmp_path / "array.npy", np.float32, (3,))
    with array, pytest.raises(ValueError, match=r"expected float32 \(3,\)"):
        array.append(rows)
    assert np.load(tmp_path / "array.npy").shape == (0, 3)
