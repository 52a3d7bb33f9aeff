"""The English sentences to parse: every pair's own, then its paraphrases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from crosscap.errors import InputError
from crosscap.io.streams import iterate_rows


class SentenceCopy(NamedTuple):
    """``id`` is ``<pair id>/<copy>``; copy 0 is the pair's own sentence."""

    id: str
    words: list[str]


def read_copies(filtered: Path, paraphrases: Path) -> Iterator[SentenceCopy]:
    """In the order of ``filtered``, each pair's copies by number, in constant memory; the errors of `count_copies`."""
    for pair, copies in _merged(filtered, paraphrases, ("source_tokens",), ("tokens",)):
        for copy, row in sorted(copies.items()):
            words = row["tokens"] if copy else row["source_tokens"]
            if words:
                yield SentenceCopy(f"{pair}/{copy}", words)


def count_copies(filtered: Path, paraphrases: Path) -> int:
    """How many sentences the tables hold, empty ones too. Reads ids alone: an error shows before hours of parsing.

    Raises:
        InputError: paraphrases that do not follow the order of ``filtered`` or of a pair that it does not have, or two
            with one number.
    """
    return sum(len(copies) for _, copies in _merged(filtered, paraphrases, (), ()))


def _merged(
    filtered: Path, paraphrases: Path, pair_columns: tuple[str, ...], copy_columns: tuple[str, ...]
) -> Iterator[tuple[str, dict[int, dict[str, Any]]]]:
    """Every pair's id, and the row of each of its copies by number; 0 is the pair itself."""
    rows = enumerate(iterate_rows(paraphrases, ("id", "copy", *copy_columns)))
    number, row = next(rows, (0, None))
    for pair in iterate_rows(filtered, ("id", *pair_columns)):
        copies = {0: pair}
        while row is not None and row["id"] == pair["id"]:
            if row["copy"] in copies:
                raise InputError(paraphrases, f"copy {row['copy']} twice", "one of each", record=f"pair {row['id']}")
            copies[row["copy"]] = row
            number, row = next(rows, (0, None))
        yield pair["id"], copies
    if row is not None:
        found, expected = f"a paraphrase of {row['id']!r}", f"the ids of {filtered}, in its order"
        raise InputError(paraphrases, found, expected, "Run back_translate again.", f"row {number}")
