"""Parquet tables too large for memory: rows go in and come out in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_path

BATCH = 20_000  # rows; part of the file's bytes, so it is fixed


def write_rows(path: str | Path, rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> int:
    """Write ``rows`` as zstd-compressed Parquet, one row group a batch. Returns how many there were."""
    count = 0
    with atomic_path(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        remaining = iter(rows)
        while batch := list(islice(remaining, BATCH)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


def write_tuples(path: str | Path, rows: Iterable[tuple[Any, ...]], schema: pa.Schema) -> int:
    """`write_rows` for rows that hold the schema's columns in its order: the same bytes in less time."""
    count = 0
    with atomic_path(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        remaining = iter(rows)
        while batch := list(islice(remaining, BATCH)):
            columns = zip(*batch, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(batch)
    return count


def write_batches(path: str | Path, parts: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
    """As `write_rows`, for rows that come as batches of any size."""
    count = 0
    with atomic_path(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for table in in_batches(parts, schema):
            writer.write_table(table)
            count += table.num_rows
    return count


def in_batches(parts: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Rows cut anew into tables of `BATCH` rows, the last one shorter: how they came leaves no trace in a file."""
    waiting: list[pa.RecordBatch] = []
    for part in parts:
        waiting.append(part)
        while sum(part.num_rows for part in waiting) >= BATCH:
            table = pa.Table.from_batches(waiting, schema)
            yield table.slice(0, BATCH).combine_chunks()
            waiting = table.slice(BATCH).to_batches()
    if sum(part.num_rows for part in waiting):
        yield pa.Table.from_batches(waiting, schema).combine_chunks()


def iterate_rows(path: str | Path, columns: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, holding one batch at a time; errors as `iterate_batches`."""
    for batch in iterate_batches(path, columns):
        yield from batch.to_pylist()


def iterate_batches(path: str | Path, columns: Iterable[str]) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, one batch at a time.

    Raises:
        InputError: the file is missing, is no Parquet, or lacks one of ``columns``.
    """
    columns = list(columns)
    with _open(path) as table:
        missing = set(columns) - set(table.schema_arrow.names)
        if missing:
            raise InputError(path, f"columns {table.schema_arrow.names}", f"columns {columns}")
        yield from table.iter_batches(BATCH, columns=columns)


def count_rows(path: str | Path) -> int:
    """How many rows a Parquet file has, from its end alone.

    Raises:
        InputError: the file is missing or is no Parquet.
    """
    with _open(path) as table:
        return int(table.metadata.num_rows)


def _open(path: str | Path) -> pq.ParquetFile:
    if not Path(path).is_file():
        raise InputError(path, "no such file", "a Parquet table")
    try:
        # Read ahead, Arrow would keep all it has read until the end: 30 bytes a row and more.
        return pq.ParquetFile(path, pre_buffer=False)
    except pa.ArrowInvalid as error:
        raise InputError(path, str(error), "a Parquet table") from None
