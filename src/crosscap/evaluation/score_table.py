"""The table of per-caption scores, ``data/scores/T_V.parquet``, and what a corpus score is computed from.

The corpus score of any subset or resample of a set's rows follows exactly from the table: ROUGE-L, CIDEr and SPICE
are means of the captions' (the document frequencies of CIDEr-D stay those of the whole set), BLEU and METEOR are
functions of the summed statistics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from crosscap.errors import InputError
from crosscap.io.tables import read_table, write_table

BLEU = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4")
METRICS = (*BLEU, "METEOR", "ROUGE-L", "CIDEr", "SPICE")
BLEU_STATISTICS = "BLEU_statistics"
METEOR_STATISTICS = "METEOR_statistics"

# A row a caption: `set` (with_phase2, without_phase2, gold_graphs, text), `id`, `caption` (words joined by spaces, as
# scored), a metric's score times 100 (null where it was not computed), and
# BLEU_statistics: ten counts: words of the caption, words of the closest reference, n-grams of the caption that a
#   reference has (n = 1..4, clipped), all n-grams of the caption (n = 1..4);
#   null without BLEU;
# METEOR_statistics: the numbers of METEOR's answer to SCORE, in its order; null without METEOR.
SCHEMA = pa.schema(
    [("set", pa.string()), ("id", pa.string()), ("caption", pa.string())]
    + [(metric, pa.float64()) for metric in METRICS]
    + [(BLEU_STATISTICS, pa.list_(pa.int64())), (METEOR_STATISTICS, pa.list_(pa.float64()))]
)


def write_score_table(path: str | Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows of `SCHEMA`.

    Raises:
        InputError: a row does not fit the schema.
    """
    write_table(path, rows, SCHEMA)


def read_score_table(path: str | Path, columns: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Rows of a score table, in the file's order; ``columns`` are those of `SCHEMA` unless given.

    Raises:
        InputError: no such file, no Parquet, a column that is not there, a caption of a set twice, or statistics of
            another length.
    """
    rows = read_table(path, SCHEMA.names if columns is None else columns)
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows):
        record = f"row {number}"
        if "set" in row and "id" in row:
            key = (row["set"], row["id"])
            if key in seen:
                raise InputError(path, f"{key[0]} {key[1]!r} twice", "one row a caption of a set", record=record)
            seen.add(key)
        if BLEU_STATISTICS in row and len(row[BLEU_STATISTICS] or range(10)) != 10:
            raise InputError(path, f"{row[BLEU_STATISTICS]}", f"ten counts in {BLEU_STATISTICS}", record=record)
    return rows
