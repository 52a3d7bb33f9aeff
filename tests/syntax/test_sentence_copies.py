from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from crosscap.errors import InputError
from crosscap.io.tables import write_table
from crosscap.syntax.sentence_copies import SentenceCopy, count_copies, read_copies

PAIRS = pa.schema([("id", pa.string()), ("source_tokens", pa.list_(pa.string()))])
COPIES = pa.schema([("id", pa.string()), ("copy", pa.int32()), ("tokens", pa.list_(pa.string()))])


def tables(folder: Path, copies: list[tuple[str, int, list[str]]]) -> tuple[Path, Path]:
    filtered, paraphrases = folder / "zh.parquet", folder / "paraphrases.parquet"
    write_table(filtered, [{"id": "b", "source_tokens": ["b0"]}, {"id": "a", "source_tokens": ["a0"]}], PAIRS)
    write_table(paraphrases, [{"id": i, "copy": c, "tokens": t} for i, c, t in copies], COPIES)
    return filtered, paraphrases


def test_copies_stand_after_their_sentence_by_number(tmp_path: Path) -> None:
    files = tables(tmp_path, [("b", 1, ["b1"]), ("b", 2, []), ("a", 2, ["a2"]), ("a", 1, ["a1"])])
    assert count_copies(*files) == 6
    assert list(read_copies(*files)) == [
        SentenceCopy("b/0", ["b0"]),
        SentenceCopy("b/1", ["b1"]),
        SentenceCopy("a/0", ["a0"]),
        SentenceCopy("a/1", ["a1"]),
        SentenceCopy("a/2", ["a2"]),
    ]


def test_paraphrases_of_another_corpus_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 0: found a paraphrase of 'c'"):
        count_copies(*tables(tmp_path, [("c", 1, ["c1"])]))


def test_paraphrases_in_another_order_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row 1: found a paraphrase of 'b', expected the ids of .*, in its order"):
        count_copies(*tables(tmp_path, [("a", 1, ["a1"]), ("b", 1, ["b1"])]))


def test_a_copy_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="pair a: found copy 1 twice"):
        count_copies(*tables(tmp_path, [("a", 1, ["x"]), ("a", 1, ["y"])]))
