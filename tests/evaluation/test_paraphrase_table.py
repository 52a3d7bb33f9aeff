from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from crosscap.evaluation.paraphrase_table import CutTable, entries, phrases

KNOWN = {b"a man", b"man", b"rides"}
TABLE = b"""0.5
a man
man
0.1
a man
woman
2
woman
man
0.2
riding ?
rides
0.2
rides
\xe2\x82\xac 150
0.3
one two three four five six seven eight
man
0.3
one two three four five six seven
man
1e-05
man
a man
"""


def test_an_entry_stays_if_each_phrase_is_known_or_not_plain() -> None:
    pairs = [b"a man\nman", b"riding ?\nrides", b"rides\n\xe2\x82\xac 150"]
    pairs += [b"one two three four five six seven eight\nman", b"man\na man"]
    assert list(entries([TABLE], KNOWN)) == [b"0\n%b\n" % pair for pair in pairs]


@pytest.mark.parametrize("size", [1, 2, 7, 50])
def test_where_the_table_is_broken_into_blocks_does_not_matter(size: int) -> None:
    blocks = [TABLE[start : start + size] for start in range(0, len(TABLE), size)]
    assert list(entries(blocks, KNOWN)) == list(entries([TABLE], KNOWN))


def test_phrases_are_up_to_seven_neighbours() -> None:
    assert phrases(["a man rides"]) == {b"a", b"man", b"rides", b"a man", b"man rides", b"a man rides"}
    longest = max(phrases(["a b c d e f g h", ""]), key=len)
    assert longest in (b"a b c d e f g", b"b c d e f g h")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("the u.s. navy", b"the us navy"),  # METEOR drops the dots
        ("wait...what ?", b"wait what"),  # separates several
        ("t-shirt", b"t shirt"),
        ("the man 's 1,000", b"1 000"),
        ("o'clock", b"clock"),
        ("\u4e00\u53ea dog", b"dog"),
        ("caf\u00e9 dog", b"dog"),
    ],
)
def test_words_are_found_as_meteor_may_cut_them(text: str, phrase: bytes) -> None:
    assert phrase in phrases([text])


def test_the_process_gives_the_cut_table_and_ends(tmp_path: Path) -> None:
    (tmp_path / "table.gz").write_bytes(gzip.compress(TABLE))
    with CutTable(tmp_path / "table.gz") as table:
        table.cut(["a man", "", "he rides ?"])
        with os.fdopen(os.dup(table.fileno()), "rb") as pipe:
            assert gzip.decompress(pipe.read()).splitlines() == b"".join(entries([TABLE], KNOWN)).splitlines()
        assert table.complete()


def test_a_table_that_is_no_gzip_is_not_complete(tmp_path: Path) -> None:
    (tmp_path / "table.gz").write_bytes(b"no gzip")
    with CutTable(tmp_path / "table.gz") as table:
        table.cut(["a man"])
        assert not table.complete()


def test_a_reader_that_ends_ends_it(tmp_path: Path) -> None:
    (tmp_path / "table.gz").write_bytes(gzip.compress(b"".join(b"0\n?%d\n?\n" % number for number in range(200_000))))
    with CutTable(tmp_path / "table.gz") as table:
        table.given_away()  # to nobody
        table.cut(["a man"])
        assert not table.complete()
