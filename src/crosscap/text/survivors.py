"""Pairs that wait on disk while rules that need the whole corpus make up their minds: rows, and columns of numbers.

In memory stays one byte a pair (whether it is still in), whatever the pairs weigh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from crosscap.io.streams import BATCH, in_batches
from crosscap.text.dictionaries import is_word

Numbers = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
PAIR = ("id", "source", "target", "origin")
ROWS = pa.schema([(name, pa.string()) for name in (*PAIR, "source_tokens", "target_tokens")])


class Column:
    """Numbers of one type in a file, written in pieces and read in pieces."""

    def __init__(self, path: Path, dtype: str) -> None:
        self.path, self.dtype = path, np.dtype(dtype)
        path.write_bytes(b"")

    def append(self, values: Numbers) -> None:
        with open(self.path, "ab") as stream:
            stream.write(np.ascontiguousarray(values, self.dtype).tobytes())

    def read(self, start: int, count: int) -> Numbers:
        return np.fromfile(self.path, self.dtype, count, offset=start * self.dtype.itemsize)

    def pieces(self, size: int = 1 << 18) -> Iterator[tuple[int, Numbers]]:
        """``(position of the first, numbers)``, ``size`` of them at a time."""
        start = 0
        with open(self.path, "rb") as stream:
            while len(values := np.frombuffer(stream.read(size * self.dtype.itemsize), self.dtype)):
                yield start, values
                start += len(values)


class Survivors:
    """Pairs with their words, in the corpus' order.

    Attributes:
        verdicts: which rule refuses the pair by itself, and on which side (`verdicts.rule_of`, `sides_of`).
        digests: 64 bits of a hash of the words of both sides.
        keys: 63 bits of a hash of the source's words, which decide the split.
        count: how many there are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        self.verdicts = Column(folder / "verdicts", "u1")
        self.digests = Column(folder / "digests", "<u8")
        self.keys = Column(folder / "keys", "<u8")
        self._path = folder / "rows.parquet"

    def fill(self, batches: Iterable[tuple[pa.RecordBatch, Numbers]]) -> None:
        """Write rows of `ROWS` with an array that has the fields ``verdict``, ``digest``, ``key``."""
        options = {"compression": "lz4", "use_dictionary": False, "write_statistics": False}
        with pq.ParquetWriter(self._path, ROWS, **options) as writer:
            for table in in_batches((rows for rows, _ in self._count(batches)), ROWS):
                writer.write_table(table)

    def _count(self, batches: Iterable[tuple[pa.RecordBatch, Numbers]]) -> Iterator[tuple[pa.RecordBatch, Numbers]]:
        for rows, heads in batches:
            self.verdicts.append(heads["verdict"])
            self.digests.append(heads["digest"])
            self.keys.append(heads["key"])
            self.count += rows.num_rows
            yield rows, heads

    def batches(self, columns: Sequence[str] = ROWS.names) -> Iterator[tuple[int, pa.RecordBatch]]:
        """``(position of the first, rows)``, a batch at a time."""
        start = 0
        with pq.ParquetFile(self._path) as file:
            for group in range(file.num_row_groups):
                for rows in file.read_row_group(group, list(columns)).combine_chunks().to_batches():
                    yield start, rows
                    start += rows.num_rows

    def words(self, alive: Mask) -> Iterator[tuple[int, list[str], list[str]]]:
        """``(position, source words, target words)`` of the pairs that are still in, without punctuation."""
        for start, rows in self.batches(("source_tokens", "target_tokens")):
            sides = (rows.column(0).to_pylist(), rows.column(1).to_pylist())
            for position in np.flatnonzero(alive[start : start + rows.num_rows]).tolist():
                source, target = (_words(side[position]) for side in sides)
                yield start + position, source, target

    def example(self, position: int) -> dict[str, str]:
        """``{"id", "source", "target"}`` of one pair."""
        columns = ("id", "source", "target")
        with pq.ParquetFile(self._path) as file:
            rows = file.read_row_group(position // BATCH, list(columns))
        return {name: rows[name][position % BATCH].as_py() for name in columns}


def _words(tokens: str) -> list[str]:
    return [token for token in tokens.split() if token.isalnum() or is_word(token)]
