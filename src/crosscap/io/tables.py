"""Parquet tables with a fixed schema: the same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_path


def write_table(path: str | Path, rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> None:
    """Write ``rows`` as zstd-compressed Parquet.

    Raises:
        InputError: a row lacks a column of ``schema`` or holds a value of another type.
    """
    rows = list(rows)
    for number, row in enumerate(rows):
        missing = set(schema.names) - set(row)
        if missing:
            raise InputError(path, f"no {sorted(missing)}", f"columns {schema.names}", record=f"row {number}")
    try:
        table = pa.Table.from_pylist(rows, schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InputError(path, str(error), f"rows of {schema.names}") from None
    with atomic_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def read_table(path: str | Path, columns: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Read a Parquet file as rows.

    Raises:
        InputError: the file is missing, is no Parquet, or lacks one of ``columns``.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, "no such file", "a Parquet table")
    try:
        table = pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise InputError(path, str(error), "a Parquet table") from None
    wanted = list(columns) if columns is not None else table.column_names
    missing = set(wanted) - set(table.column_names)
    if missing:
        raise InputError(path, f"columns {table.column_names}", f"columns {wanted}")
    return table.select(wanted).to_pylist()
