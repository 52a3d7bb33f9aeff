"""What holds of every reader for any bytes: no crash but `InputError`, no loss, and no influence of the packing."""

from __future__ import annotations

import gzip
import json
import lzma
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crosscap.errors import InputError
from crosscap.text.captions import (
    read_caption_lines,
    read_caption_pairs,
    read_challenger_captions,
    read_coco_captions,
)
from crosscap.text.json_records import read_json_lines
from crosscap.text.parallel import Pair, read_alternating, read_moses, read_tsv
from crosscap.text.recognition import caption_format, parallel_format
from crosscap.text.sgml import read_sgml
from crosscap.text.source_file import Quarantined, SourceFile
from crosscap.text.tmx import read_tmx

Reader = Callable[[SourceFile, SourceFile], Iterator[object]]
ONE_FILE: dict[str, Reader] = {
    "tsv": lambda file, _: read_tsv(file, (1, 2)),
    "named_tsv": lambda file, _: read_tsv(file, ("en", "zh")),
    "tatoeba": lambda file, _: read_tsv(file, (1, 2), attribution=3),
    "alternating": lambda file, _: read_alternating(file, (2, 1)),
    "json_lines": lambda file, _: read_json_lines(file, ("english", "chinese")),
    "tmx": lambda file, _: read_tmx(file, ("en", "zh")),
    "captions": lambda file, _: read_caption_lines(file, {"1", "2"}),
    "coco": lambda file, _: read_coco_captions(file, None),
    "ai_challenger": lambda file, _: read_challenger_captions(file, None),
}
TWO_FILES: dict[str, Reader] = {
    "moses": read_moses,
    "sgml": read_sgml,
    "caption_pairs": lambda source, target: read_caption_pairs(source, target, None),
}
READERS = {**ONE_FILE, **TWO_FILES}

# Pieces of all layouts, so that generated files are nearly right, and bytes that break them.
PIECES = [
    *(
        "A dog.",
        "一只狗。",
        " ",
        "\t",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "en\tzh\n",
        "Hi.\t你好。\tAttribution: x\n",
        "\ufeff",
        "\u2028",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        ",",
        '"',
        "\\",
        "\\ud800",
        '{"english": "a", "chinese": "狗"}\n',
        '{"english": 1}\n',
        "1e999",
        "null",
    ),
    *(
        "<tmx><body>",
        "<tu>",
        '<tuv xml:lang="en">',
        '<tuv lang="zh-CN">',
        "<seg>",
        "</seg>",
        "</tuv>",
        "</tu>",
        "</body></tmx>",
    ),
    '<tu><tuv xml:lang="en"><seg>a<ph/></seg></tuv><tuv xml:lang="zh"><seg>狗</seg></tuv></tu>\n',
    *('<!DOCTYPE tmx [<!ENTITY a "b">]>', "&a;", "&amp;", "&#0;", "&#xD800;", "<?xml version='1.0'?>", "<!--", "]]>"),
    *('<srcset>\n<doc docid="a">', '<seg id="1">', "<seg id=2>A</seg>\n", "</doc>", "</srcset>"),
    *("1.jpg#enc#0 A dog .\n", "2.jpg#0\t狗\n", "3.jpg#zhc#99999999999 x\n", "#0 x\n"),
    '{"images": [{"id": 1, "file_name": "1.jpg"}], "annotations": [{"image_id": 1, "caption": "a"}]}',
    *('{"image_id": "1.jpg", "caption": ["a", "狗"]}', '{"image_id": 1, "caption": "a"}'),
]
CONTENT = st.lists(
    st.one_of(st.sampled_from(PIECES).map(str.encode), st.binary(max_size=6)), max_size=24
).map(b"".join)  # fmt: skip
# Beginnings that tell archives and packed files: they are refused, or unpacked.
ARCHIVES = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"7z\xbc", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
LINES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\t\ufeff"), max_size=20), min_size=1, max_size=12
)


def outcome(reader: Reader, *contents: bytes, suffix: str = "") -> tuple[object, ...]:
    """Pairs, counts and what was set aside; or the error, without the names of files."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}{suffix}" for name in ("one", "two")]
        for path, content in zip(paths, (*contents, b""), strict=False):
            path.write_bytes(content)
        records: list[Quarantined] = []
        files = [SourceFile(path, records.append, path.name[:3]) for path in paths]
        try:
            found = list(reader(*files))
        except InputError as error:
            return "error", error.found.replace(suffix or "\0", ""), error.record
        used = files[: len(contents)]
        for file in used:
            assert file.read == file.kept + file.quarantined + file.unselected, "records were lost"
            assert file.read > 0
        if len(used) == 1:
            assert used[0].kept == len(found)
            assert used[0].quarantined == len(records) == used[0].reasons.total()
        for pair in found:
            if isinstance(pair, Pair):
                assert pair.source == pair.source.strip() != ""
                assert pair.target == pair.target.strip() != ""
                "".join(pair).encode()
        for record in records:
            assert record.line >= 1 and len(record.text) <= 200
            json.dumps(record.text).encode()
        ids = [pair.id for pair in found if isinstance(pair, Pair)]
        assert len(set(ids)) == len(ids)
        return "read", found, records, [(file.read, file.kept, file.quarantined) for file in used]


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=80, deadline=None)
@given(one=CONTENT, two=CONTENT)
def test_no_bytes_crash_a_reader_or_lose_a_record(name: str, one: bytes, two: bytes) -> None:
    outcome(READERS[name], *((one, two) if name in TWO_FILES else (one,)))


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=20, deadline=None)
@given(one=CONTENT, two=CONTENT, pack=st.sampled_from([".gz", ".xz", ".zst"]))
def test_packed_and_plain_files_are_read_alike(name: str, one: bytes, two: bytes, pack: str) -> None:
    contents = (one, two) if name in TWO_FILES else (one,)
    assume(not any(content.startswith(ARCHIVES) for content in contents))
    assert outcome(READERS[name], *map(packed[pack], contents), suffix=pack) == outcome(READERS[name], *contents)


packed: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: pa.compress(data, codec="zstd", asbytes=True),
}


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=20, deadline=None)
@given(one=CONTENT, two=CONTENT)
def test_a_byte_order_mark_changes_nothing(name: str, one: bytes, two: bytes) -> None:
    contents = [content.lstrip(b"\xef\xbb\xbf\xff\xfe\0") for content in ((one, two) if name in TWO_FILES else (one,))]
    marked = [b"\xef\xbb\xbf" + content for content in contents]
    assume(all(contents) and not any(content.startswith(ARCHIVES) for content in contents))
    assert outcome(READERS[name], *marked) == outcome(READERS[name], *contents)


@pytest.mark.parametrize("name", [name for name in READERS if name not in ("coco", "ai_challenger")])
@settings(max_examples=20, deadline=None)
@given(one=CONTENT, two=CONTENT)
def test_both_ends_of_lines_are_read_alike(name: str, one: bytes, two: bytes) -> None:
    contents = [content.replace(b"\r", b"") for content in ((one, two) if name in TWO_FILES else (one,))]
    crlf = [content.replace(b"\n", b"\r\n") for content in contents]
    found, expected = outcome(READERS[name], *crlf), outcome(READERS[name], *contents)
    if found[0] == expected[0] == "error":  # what is quoted may hold the line's end
        assert found[2] == expected[2]
    else:
        assert found == expected


@settings(max_examples=100, deadline=None)
@given(LINES, LINES)
def test_every_pair_of_lines_comes_back_in_order(one: list[str], two: list[str]) -> None:
    size = min(len(one), len(two))
    contents = ["".join(f"{line}\n" for line in side[:size]).encode() for side in (one, two)]
    found = outcome(read_moses, *contents)
    whole = [(a.strip(), b.strip()) for a, b in zip(one, two, strict=False) if a.strip() and b.strip()]
    if found[0] == "read":
        assert [(pair.source, pair.target) for pair in found[1]] == whole  # type: ignore[attr-defined]
    else:
        assert not whole or "\0" in "".join(one + two), found


@settings(max_examples=200, deadline=None)
@given(CONTENT)
def test_recognition_gives_a_layout_or_says_that_it_cannot(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        for recognise in (
            lambda: parallel_format([path]),
            lambda: parallel_format([path, path]),
            lambda: caption_format(path),
        ):
            try:
                assert recognise()
            except InputError as error:
                assert error.path == str(path)
