from __future__ import annotations

import gzip

import numpy as np
import pytest

from crosscap.errors import InputError
from crosscap.vectors.vec_file import read_vec, write_vec


def test_what_is_written_is_read(tmp_path) -> None:
    vectors = np.array([[0.5, -1.25], [3e-7, 2]], dtype=np.float32)
    write_vec(tmp_path / "a.vec", ["狗", "dog"], vectors)
    assert (tmp_path / "a.vec").read_text(encoding="utf-8") == "2 2\n狗 0.5 -1.25\ndog 3e-07 2\n"
    words, read = read_vec(tmp_path / "a.vec")
    assert words == ["狗", "dog"]
    assert np.array_equal(read, vectors)


def test_released_files_read_with_trailing_spaces_odd_words_and_doubles(tmp_path) -> None:
    lines = [b"4 2 ", b"the 1 2 ", b"new york 3 4 ", b"\xff 5 6 ", b"\xfe 7 8 "]
    with gzip.open(tmp_path / "wiki.vec.gz", "wb") as stream:
        stream.write(b"\n".join(lines) + b"\n")
    words, vectors = read_vec(tmp_path / "wiki.vec.gz")
    assert words == ["the", "new york", "\ufffd"]
    assert vectors.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_only_the_first_words_are_read(tmp_path) -> None:
    (tmp_path / "a.vec").write_text("3 1\na 1\nb 2\nbroken\n")
    words, vectors = read_vec(tmp_path / "a.vec", max_words=2)
    assert words == ["a", "b"]
    assert vectors.tolist() == [[1], [2]]


def test_a_header_that_promises_too_much_takes_no_memory(tmp_path) -> None:
    (tmp_path / "a.vec").write_text("999999999999999 9999\n" + "a" + " 1" * 9999 + "\n")
    with pytest.raises(InputError, match="found 1 words, expected 999999999999999, as line 1 says"):
        read_vec(tmp_path / "a.vec")


def test_more_words_than_memory_was_taken_for_at_first(tmp_path) -> None:
    vectors = np.arange(6000, dtype=np.float32).reshape(3000, 2)
    write_vec(tmp_path / "a.vec", [f"w{row}" for row in range(3000)], vectors)
    assert np.array_equal(read_vec(tmp_path / "a.vec")[1], vectors)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a 1 2\n",
            r"a\.vec, line 1: found 'a 1 2', expected number of words and size of a vector, 10000 at most\. The",
        ),
        ("1 2\na 1\n", r"a\.vec, line 2: found 1 values, expected a word and 2 values"),
        ("2 2\na 1 2\nb 1 x\n", r"a\.vec, line 3: found .*, expected 2 numbers"),
        ("1 2\na 1 nan\n", r"a\.vec, line 2: found a value of 'a' that is not finite, expected 2 numbers"),
        ("2 99999\na 1\n", r"a\.vec, line 1: found '2 99999', expected number of words and size of a vector, 10000"),
        ("1 1\na 1\nb 2\n", r"a\.vec, line 3: found more than 1 words, expected 1, as line 1 says"),
        ("3 1\na 1\n", r"a\.vec: found 1 words, expected 3, as line 1 says\. The file is cut off"),
    ],
)
def test_a_bad_line_is_named(tmp_path, text: str, message: str) -> None:
    (tmp_path / "a.vec").write_text(text)
    with pytest.raises(InputError, match=message):
        read_vec(tmp_path / "a.vec")


def test_a_missing_file_and_a_broken_archive_are_named(tmp_path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_vec(tmp_path / "a.vec")
    (tmp_path / "a.vec.gz").write_bytes(b"no archive")
    with pytest.raises(InputError, match="found no compressed data, expected gzip data"):
        read_vec(tmp_path / "a.vec.gz")
