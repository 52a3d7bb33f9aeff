from __future__ import annotations

import gzip

import pytest

from crosscap.errors import InputError
from crosscap.text.lines import Quarantined
from crosscap.text.parallel import Pair, read_caption_pairs, read_moses, read_tsv


def test_two_files_are_read_side_by_side_plain_or_gzip_with_or_without_a_byte_order_mark(tmp_path):
    (tmp_path / "c.en").write_bytes(b"\xef\xbb\xbfA dog.\r\nA cat.\r\n")
    (tmp_path / "c.zh.gz").write_bytes(gzip.compress("一只狗。\n一只猫。\n".encode()))
    assert list(read_moses(tmp_path / "c.en", tmp_path / "c.zh.gz", [])) == [
        Pair("c.en-00000001", "A dog.", "一只狗。", "c.en"),
        Pair("c.en-00000002", "A cat.", "一只猫。", "c.en"),
    ]


def test_an_unreadable_line_is_set_aside_with_its_number_and_reason(tmp_path):
    (tmp_path / "c.en").write_text("A dog.\nA cat.\nA cow.\n", encoding="utf-8")
    (tmp_path / "c.zh").write_bytes("狗\n".encode() + b"\xb9\xb7\n" + "牛\n".encode())
    quarantine: list[Quarantined] = []
    assert [pair.source for pair in read_moses(tmp_path / "c.en", tmp_path / "c.zh", quarantine)] == [
        "A dog.",
        "A cow.",
    ]
    assert quarantine == [Quarantined("c.zh", 2, "no UTF-8: byte 0xb9 at 0")]


def test_sides_of_different_length_stop_at_the_line_where_one_ends(tmp_path):
    (tmp_path / "c.en").write_text("A dog.\nA cat.\nA cow.\n", encoding="utf-8")
    (tmp_path / "c.zh").write_text("狗\n猫\n", encoding="utf-8")
    read = read_moses(tmp_path / "c.en", tmp_path / "c.zh", [])
    with pytest.raises(InputError) as error:
        list(read)
    assert str(error.value) == (
        f"{tmp_path}/c.zh, line 3: found the end of the file after 2 lines, expected a translation of line 3 of "
        f"{tmp_path}/c.en. Both sides must have the same number of lines."
    )


def test_a_file_in_another_encoding_is_refused_instead_of_quarantined_line_by_line(tmp_path):
    (tmp_path / "c.tsv").write_bytes("A dog.\t一只狗。\nA cat.\t一只猫。\nA cow.\t一头牛。\n".encode("gb18030"))
    with pytest.raises(InputError, match=r"c\.tsv, line 1: found byte 0xb9 at 11, and 2 more .*, expected UTF-8 text"):
        list(read_tsv(tmp_path / "c.tsv", (1, 2), []))


def test_utf_16_is_named(tmp_path):
    (tmp_path / "c.tsv").write_bytes("A dog.\t一只狗。\n".encode("utf-16"))
    with pytest.raises(InputError, match="found UTF-16 text, expected UTF-8 text"):
        list(read_tsv(tmp_path / "c.tsv", (1, 2), []))


def test_a_broken_gzip_file_is_named(tmp_path):
    (tmp_path / "c.tsv.gz").write_bytes(gzip.compress(b"A dog.\tx\n" * 1000)[:40])
    with pytest.raises(InputError, match=r"c\.tsv\.gz, line \d+: found broken gzip data"):
        list(read_tsv(tmp_path / "c.tsv.gz", (1, 2), []))


def test_columns_are_chosen_and_short_or_empty_lines_are_set_aside(tmp_path):
    (tmp_path / "c.tsv").write_text("1\t狗\tA dog.\n2\t猫\n3\t\tA cow.\n", encoding="utf-8")
    quarantine: list[Quarantined] = []
    pairs = list(read_tsv(tmp_path / "c.tsv", (3, 2), quarantine))
    assert pairs == [Pair("c.tsv-00000001", "A dog.", "狗", "c.tsv")]
    assert quarantine == [
        Quarantined("c.tsv", 2, "2 columns, 3 expected"),
        Quarantined("c.tsv", 3, "empty target side"),
    ]


def test_caption_pairs_meet_by_image_and_index_within_the_listed_images(tmp_path):
    (tmp_path / "enc.txt").write_text("7_a.jpg#enc#0 A dog .\n7_a.jpg#enc#1 A pup .\n8_b.jpg#enc#0 A cat .\nhm\n")
    (tmp_path / "zhb.txt").write_text("8_b.jpg#zhb#0 猫。\n7_a.jpg#zhb#0 狗。\n", encoding="utf-8")
    quarantine: list[Quarantined] = []
    pairs = list(read_caption_pairs(tmp_path / "enc.txt", tmp_path / "zhb.txt", {"7_a"}, quarantine))
    assert pairs == [Pair("enc.txt-7_a#0", "A dog .", "狗。", "enc.txt")]
    assert quarantine == [
        Quarantined("enc.txt", 2, "no 7_a#1 in zhb.txt"),
        Quarantined("enc.txt", 4, "no `IMAGE#INDEX caption` line"),
    ]
