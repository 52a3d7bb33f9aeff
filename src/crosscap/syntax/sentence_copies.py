"""The English sentences to parse: every pair's own, then its paraphrases."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from crosscap.errors import InputError
from crosscap.io.tables import read_table


class SentenceCopy(NamedTuple):
    """``id`` is ``<pair id>/<copy>``; copy 0 is the pair's own sentence."""

    id: str
    words: list[str]


def read_copies(filtered: Path, paraphrases: Path) -> list[SentenceCopy]:
    """In the order of ``filtered``, each pair's copies by number.

    Raises:
        InputError: a paraphrase of a pair that ``filtered`` does not have, or two with one number.
    """
    pairs = read_table(filtered, ["id", "source_tokens"])
    copies: dict[str, dict[int, list[str]]] = {row["id"]: {0: row["source_tokens"]} for row in pairs}
    for number, row in enumerate(read_table(paraphrases, ["id", "copy", "tokens"])):
        if row["id"] not in copies:
            found = f"a paraphrase of {row['id']!r}"
            raise InputError(paraphrases, found, f"ids of {filtered}", "Run back_translate again.", f"row {number}")
        if row["copy"] in copies[row["id"]]:
            raise InputError(paraphrases, f"copy {row['copy']} twice", "one of each", record=f"pair {row['id']}")
        copies[row["id"]][row["copy"]] = row["tokens"]
    return [
        SentenceCopy(f"{pair}/{copy}", words)
        for pair, sentences in copies.items()
        for copy, words in sorted(sentences.items())
        if words
    ]
