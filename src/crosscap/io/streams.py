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


def iterate_rows(path: str | Path, columns: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, holding one batch at a time.

    Raises:
        InputError: the file is missing, is no Parquet, or lacks one of ``columns``.
    """
    path, columns = Path(path), list(columns)
    if not path.is_file():
        raise InputError(path, "no such file", "a Parquet table")
    try:
        table = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise InputError(path, str(error), "a Parquet table") from None
    with table:
        missing = set(columns) - set(table.schema_arrow.names)
        if missing:
            raise InputError(path, f"columns {table.schema_arrow.names}", f"columns {columns}")
        for batch in table.iter_batches(BATCH, columns=columns):
            yield from batch.to_pylist()
