"""Tables that come in batches: all rows, in order, and never much of the file in memory."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crosscap.io.streams import BATCH, iterate_batches


def test_reading_a_long_table_holds_no_more_than_reading_a_short_one(tmp_path: Path) -> None:
    texts = [f"pair {number * number}" for number in range(BATCH)]
    held = {}
    for groups in (3, 24):
        path = tmp_path / f"{groups}.parquet"
        with pq.ParquetWriter(path, pa.schema([("text", pa.string())])) as writer:
            for _ in range(groups):
                writer.write_table(pa.table({"text": texts}))
        before = pa.total_allocated_bytes()
        held[groups] = max(pa.total_allocated_bytes() - before for _ in iterate_batches(path, ["text"]))
    assert held[24] < 1.2 * held[3]


def test_batches_hold_the_rows_of_large_and_of_small_groups_in_order(tmp_path: Path) -> None:
    path, sizes = tmp_path / "groups.parquet", (3, BATCH + 7, 1, 2 * BATCH)
    schema = pa.schema([("number", pa.int64())])
    with pq.ParquetWriter(path, schema) as writer:
        for start, size in zip((0, 3, BATCH + 10, BATCH + 11), sizes, strict=True):
            writer.write_table(pa.table({"number": range(start, start + size)}, schema), row_group_size=size)
    batches = list(iterate_batches(path, ["number"]))
    assert max(rows.num_rows for rows in batches) <= BATCH
    numbers = [number for rows in batches for number in rows.column(0).to_pylist()]
    assert numbers == list(range(sum(sizes)))
