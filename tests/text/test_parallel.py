from __future__ import annotations

import gzip
import hashlib
import lzma

import pyarrow as pa
import pytest

from crosscap.errors import InputError
from crosscap.text.parallel import Pair, read_alternating, read_moses, read_tsv
from crosscap.text.source_file import Quarantined
from tests.text.sources import counts


def zstd(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)


@pytest.mark.parametrize(
    ("suffix", "pack"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress), (".zst", zstd)]
)
def test_two_files_are_read_side_by_side_compressed_or_not_with_or_without_a_byte_order_mark(sources, suffix, pack):
    data = pack("一只狗。\n一只猫。\n".encode())
    source = sources.file("c.en", b"\xef\xbb\xbfA dog.\r\nA cat.\r\n")
    target = sources.file(f"c.zh{suffix}", data)
    assert list(read_moses(source, target)) == [
        Pair("c.en-00000001", "A dog.", "一只狗。", "c.en"),
        Pair("c.en-00000002", "A cat.", "一只猫。", "c.en"),
    ]
    assert target.sha256 == hashlib.sha256(data).hexdigest()
    assert counts(source) == counts(target) == (2, 2, 0, 0)


def test_an_unreadable_line_is_set_aside_with_its_number_reason_and_text(sources):
    source = sources.file("c.en", "A dog.\nA cat.\nA cow.\n")
    target = sources.file("c.zh", "狗\n".encode() + b"\xb9\xb7\n" + "牛\n".encode())
    assert [pair.source for pair in read_moses(source, target)] == ["A dog.", "A cow."]
    assert sources.quarantine == [Quarantined("c.zh", 2, "no UTF-8: byte 0xb9 at 0", "\ufffd\ufffd")]
    assert counts(source) == counts(target) == (3, 2, 1, 0)


def test_a_line_without_end_is_set_aside_and_does_not_fill_the_memory(sources):
    source = sources.file("c.en", "A dog.\n" + "x" * 3_000_000 + "\nA cow.\n")
    target = sources.file("c.zh", "狗\n猫\n牛\n")
    assert [pair.target for pair in read_moses(source, target)] == ["狗", "牛"]
    (record,) = sources.quarantine
    assert (record.line, record.reason, len(record.text)) == (2, "too long: more than 1048576 bytes", 200)


@pytest.mark.parametrize(
    ("source", "target", "short"), [("A dog.\nA cat.\n", "狗\n猫\n牛\n", "c.en"), ("a\nb\nc\n", "狗\n猫", "c.zh")]
)
def test_sides_of_different_length_stop_at_the_line_where_one_ends(sources, tmp_path, source, target, short):
    other = "c.zh" if short == "c.en" else "c.en"
    with pytest.raises(InputError) as error:
        list(read_moses(sources.file("c.en", source), sources.file("c.zh", target)))
    assert str(error.value) == (
        f"{tmp_path}/{short}, line 3: found the end of the file after 2 lines, expected a translation of line 3 of "
        f"{tmp_path}/{other}. Both sides must have the same number of lines."
    )


def test_a_file_in_another_encoding_is_refused_instead_of_quarantined_line_by_line(sources):
    file = sources.file("c.tsv", "A dog.\t一只狗。\nA cat.\t一只猫。\nA cow.\t一头牛。\n".encode("gb18030"))
    with pytest.raises(InputError) as error:
        list(read_tsv(file, (1, 2)))
    assert str(error.value).endswith(
        "c.tsv, line 1: found byte 0xb9 at 11, and 2 more lines like it, expected UTF-8 text. "
        "Convert it, it is probably GB18030: `iconv -f GB18030 -t UTF-8 c.tsv > NEW`."
    )


def test_another_encoding_is_told_long_before_the_end(sources):
    file = sources.file("c.tsv", "Füße.\t狗\n".encode() + "Füße.\tHäuser\n".encode("latin-1") * 100_000)
    with pytest.raises(InputError, match="it is probably ISO-8859-1"):
        list(read_tsv(file, (1, 2)))
    assert file.read == 101


def test_columns_are_chosen_and_short_or_empty_lines_are_set_aside(sources):
    file = sources.file("c.tsv", "1\t狗\tA dog.\n2\t猫\n3\t\tA cow.\n\t牛\tA bull.\n")
    assert list(read_tsv(file, (3, 2))) == [
        Pair("c.tsv-00000001", "A dog.", "狗", "c.tsv"),
        Pair("c.tsv-00000004", "A bull.", "牛", "c.tsv"),
    ]
    assert sources.quarantine == [
        Quarantined("c.tsv", 2, "too few columns: 2 of 3", "2\t猫"),
        Quarantined("c.tsv", 3, "empty target side", "A cow."),
    ]
    assert counts(file) == (4, 2, 2, 0)


def test_columns_may_be_named_by_the_first_line_which_is_no_record(sources):
    file = sources.file("c.tsv", "id\ten\tzh\n1\tA dog.\t狗\n")
    assert list(read_tsv(file, ("en", "zh"))) == [Pair("c.tsv-00000002", "A dog.", "狗", "c.tsv")]
    assert counts(file) == (1, 1, 0, 0)


def test_a_name_that_the_first_line_lacks_is_told_with_the_nearest(sources):
    with pytest.raises(InputError, match=r"line 1: found .*, expected a column 'englsh'\. Did you mean 'english'"):
        list(read_tsv(sources.file("c.tsv", "english\tzh\na\t狗\n"), ("englsh", "zh")))


def test_tatoebas_authors_go_to_the_origin(sources):
    credit = "CC-BY 2.0 (France) Attribution: tatoeba.org #1 (kate) & #2 (mtdot)"
    (pair,) = read_tsv(sources.file("cmn.txt", f"Hi.\t你好。\t{credit}\n"), (1, 2), attribution=3)
    assert pair.origin == "cmn.txt: tatoeba.org #1 (kate) & #2 (mtdot)"


def test_lines_in_turn_make_pairs_and_an_odd_one_stops_the_reading(sources):
    file = sources.file("Bi-News.txt", "A dog.\n狗\n\n猫\nA cow.\n牛\n")
    assert [(pair.id, pair.target) for pair in read_alternating(file, (1, 2))] == [
        ("Bi-News.txt-00000001", "狗"),
        ("Bi-News.txt-00000005", "牛"),
    ]
    assert counts(file) == (3, 2, 1, 0)
    with pytest.raises(InputError, match=r"line 4: found the end of the file, expected a translation of line 3"):
        list(read_alternating(sources.file("odd.txt", "A dog.\n狗\nA cow.\n"), (1, 2)))


def test_a_file_of_another_layout_stops_at_its_first_such_line(sources):
    file = sources.file("c.tsv", "A dog.\t狗\n" * 10 + "no column\n" * 100_000)
    with pytest.raises(InputError, match=r"line 11: found too few columns: 1 of 2, and 50 of 60 records"):
        list(read_tsv(file, (1, 2)))


def test_an_empty_file_is_no_corpus(sources):
    with pytest.raises(InputError, match=r"c\.tsv: found no lines, expected a file with some"):
        list(read_tsv(sources.file("c.tsv", ""), (1, 2)))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.tsv.gz", gzip.compress(b"A dog.\tx\n" * 400_000)[:-400], r"line 349526: found broken gzip data"),
        ("c.tsv.xz", lzma.compress(b"A dog.\tx\n" * 100_000)[:-40], r"found broken xz data"),
        ("c.tsv.zst", zstd(b"A dog.\tx\n" * 100_000)[:-40], "found broken zstd data .*Truncated"),
        ("c.tsv.gz", b"A dog.\tx\n", "found no compressed data, expected gzip data, as the name ends in .gz"),
        ("c.tsv", b"PK\x03\x04rest", "found a zip archive, .* Unpack it with `unzip`"),
        ("c.tsv", "A dog.\t狗\n".encode("utf-16"), r"found UTF-16 text, .*`iconv -f UTF-16 -t UTF-8 c\.tsv > NEW`"),
        ("c.tsv", "A dog.\tx\n".encode("utf-16-le"), "found what is probably UTF-16LE text"),
        ("c.tsv", bytes(range(256)).replace(b"\n", b"") + bytes(200), "found data that is no text"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_named_with_the_reason(sources, name, content, message):
    with pytest.raises(InputError, match=message):
        list(read_tsv(sources.file(name, content), (1, 2)))


def test_a_missing_file_is_named(sources):
    with pytest.raises(InputError, match=r"gone\.tsv: found no such file"):
        list(read_tsv(sources.file("gone.tsv"), (1, 2)))
