from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from crosscap.errors import InputError
from crosscap.vectors.bin_file import MAGIC, read_bin
from crosscap.vectors.released import read_word_vectors
from crosscap.vectors.vec_file import write_vec


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with subwords, as gensim writes it for fastText."""
    from gensim.models import FastText
    from gensim.models.fasttext import save_facebook_model

    sentences = [["狗", "runs", "running"], ["runs", "in", "größe"], ["runs", "running"], ["狗", "in"]] * 3
    model = FastText(sentences, vector_size=8, min_count=1, bucket=50, min_n=2, max_n=4, epochs=1, workers=1, seed=1)
    path = tmp_path_factory.mktemp("models") / "wiki.bin"
    save_facebook_model(model, str(path))
    return path


def test_words_and_vectors_are_those_of_gensim_most_frequent_first(trained: Path) -> None:
    from gensim.models.fasttext import load_facebook_vectors

    words, vectors = read_bin(trained)
    theirs = load_facebook_vectors(str(trained))
    assert words == theirs.index_to_key
    assert words[0] == "runs" and set(words) == {"runs", "running", "狗", "in", "größe"}
    assert np.allclose(vectors, [theirs[word] for word in words], atol=1e-7)


def test_only_the_first_words_are_read(trained: Path) -> None:
    words, vectors = read_bin(trained)
    some, rows = read_bin(trained, 2)
    assert some == words[:2]
    assert np.array_equal(rows, vectors[:2])


def written(
    words: list[bytes],
    rows: list[list[float]],
    longest: int = 0,
    labels: int = 0,
    version: int = 12,
    quantised: int = 0,
) -> bytes:
    """A file by the layout alone: two columns, three buckets."""
    data = MAGIC + struct.pack("<i", version)
    data += struct.pack("<12i", 2, 5, 1, 1, 5, 1, 2, 2, 3, 1, longest, 100) + struct.pack("<d", 1e-4)
    data += struct.pack("<3i2q", len(words), len(words) - labels, labels, 9, -1)
    for place, word in enumerate(words):
        data += word + b"\0" + struct.pack("<qb", 9, int(place >= len(words) - labels))
    data += struct.pack("<?2q", bool(quantised), len(rows), 2)
    return data + np.array(rows, dtype="<f4").tobytes()


def test_a_vector_is_the_mean_of_the_word_and_its_subwords(tmp_path: Path) -> None:
    # "<a>" of at most two characters: <a, a> and a (not < and > alone). Of </s> there are none.
    def bucket(text: bytes) -> int:
        value = 2166136261
        for byte in text:
            value = (value ^ byte) * 16777619 % 2**32
        return value % 3

    rows = [[1.0, 2.0], [3.0, 4.0], [10.0, 0.0], [0.0, 10.0], [5.0, 5.0]]
    (tmp_path / "a.bin").write_bytes(written([b"</s>", b"a", b"__label__x"], rows, longest=2, labels=1))
    words, vectors = read_bin(tmp_path / "a.bin")
    assert words == ["</s>", "a"]
    parts = [rows[1]] + [rows[2 + bucket(text)] for text in (b"<a", b"a", b"a>")]
    assert vectors.tolist() == [[1, 2], pytest.approx(np.mean(parts, axis=0).tolist())]


def test_without_subwords_the_rows_are_the_vectors_and_doubles_fall_out(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(written([b"the", b"\xff", b"\xfe"], [[1, 2], [3, 4], [5, 6]]))
    words, vectors = read_bin(tmp_path / "a.bin")
    assert (words, vectors.tolist()) == (["the", "\ufffd"], [[1, 2], [3, 4]])


WHOLE = written([b"a", b"b"], [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty file"),
        (b"2 2\na 1 2\n", r"found a file that begins with b'2 2\\n', expected a model of fastText"),
        (WHOLE[:50], "requires a buffer of at least"),
        (WHOLE[:95], "entry 1: found no end of the word"),
        (WHOLE[:-4], "found 12 bytes of values, expected 16. The file is cut off"),
        (written([b"a"], [[1, 2]], version=10), "found version 10 of the format, expected 11 or 12"),
        (written([b"a"], [[1, 2]], quantised=1), r"found a quantised model \(\.ftz\)"),
        (written([b"a", b"b"], [[1, 2]]), "found a matrix of 1 x 2, expected 2 x 2"),
        (written([b"a"], [[1, 2]], longest=2), "found a matrix of 1 x 2, expected 4 x 2"),
        # A word's subwords would number half the square of its length: billions for one of 64 kB.
        (written([b"a"], [[1, 2]] * 4, longest=2**31 - 1), "found subwords of 1 to 2147483647 characters, expected 0"),
        (written([b"a"], [[1, 2]] * 4, longest=-1), "found subwords of 1 to -1 characters"),
        (written([b"a"], [[1, float("inf")]]), "entry 1: found a value of 'a' that is not finite"),
        (written([], []), "found 0 entries, 0 words, 3 buckets of 2 values, expected sizes that fit"),
    ],
)
def test_what_is_no_whole_model_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "a.bin").write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_bin(tmp_path / "a.bin")


def test_the_content_says_which_format_a_file_has(tmp_path: Path, trained: Path) -> None:
    write_vec(tmp_path / "text.bin", ["a"], np.ones((1, 2), dtype=np.float32))
    assert read_word_vectors(tmp_path / "text.bin")[0] == ["a"]
    assert read_word_vectors(trained, 1)[0] == ["runs"]
    with pytest.raises(InputError, match=r"none\.vec: found No such file or directory"):
        read_word_vectors(tmp_path / "none.vec")
