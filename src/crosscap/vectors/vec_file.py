"""fastText's text format: a line ``words size``, then ``word x1 … xD`` a line, most frequent word first; or gzipped."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_path

Matrix = npt.NDArray[np.float32]


def write_vec(path: str | Path, words: Sequence[str], vectors: Matrix) -> None:
    """Write ``vectors`` [V, D], six significant digits a number (fastText's own files have five)."""
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(f"{len(words)} {vectors.shape[1]}\n")
        for word, row in zip(words, vectors, strict=True):
            stream.write(f"{word} {' '.join(f'{value:.6g}' for value in row)}\n")


def read_vec(path: str | Path, max_words: int = 0) -> tuple[list[str], Matrix]:
    """The first ``max_words`` (0: all) words of a ``.vec`` or ``.vec.gz`` file and their vectors [V, D].

    Released files hold a few words twice (different bytes that are no UTF-8): the first, more frequent one stays.

    Raises:
        InputError: no such file, no header, a line with another number of values, or a value that is no finite number.
    """
    path = Path(path)
    try:
        with _open(path) as stream:
            count, size = _header(path, stream.readline())
            wanted = min(count, max_words) if max_words else count
            return _rows(path, stream, wanted, size)
    except FileNotFoundError:
        raise InputError(path, "no such file", "word vectors in fastText's text format") from None
    except (gzip.BadGzipFile, EOFError) as error:
        raise InputError(path, str(error), "a whole gzip file", "Download it again.") from None


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else open(path, "rb")


def _header(path: Path, line: bytes) -> tuple[int, int]:
    parts = line.split()
    if len(parts) != 2 or not all(part.isdigit() for part in parts) or parts[1] == b"0":
        raise InputError(
            path,
            repr(line[:40].decode("utf-8", "replace")),
            "number of words and size of a vector",
            "The file must be in fastText's text format (.vec), not its binary one.",
            record=1,
        )
    return int(parts[0]), int(parts[1])


def _rows(path: Path, stream: BinaryIO, wanted: int, size: int) -> tuple[list[str], Matrix]:
    # A dict and not a list: the words in order, each once.
    rows: dict[str, int] = {}
    vectors = np.empty((wanted, size), dtype=np.float32)
    read = 0
    for read, line in enumerate(_lines(stream, wanted), 1):
        # From the right: some released words hold a space of their own.
        word, *values = line.rstrip(b" \r\n").rsplit(b" ", size)
        if len(values) != size or not word:
            raise InputError(path, f"{len(line.split()) - 1} values", f"a word and {size} values", record=read + 1)
        name = word.decode("utf-8", "replace")
        if name in rows:
            continue
        try:
            vectors[len(rows)] = values
        except ValueError as error:
            raise InputError(path, str(error), f"{size} numbers", record=read + 1) from None
        if not np.isfinite(vectors[len(rows)]).all():
            raise InputError(path, f"a value of {name!r} that is not finite", f"{size} numbers", record=read + 1)
        rows[name] = len(rows)
    if read < wanted:
        raise InputError(path, f"{read} words", f"{wanted}, as line 1 says", "The file is cut off: copy it again.")
    return list(rows), vectors[: len(rows)]


def _lines(stream: BinaryIO, count: int) -> Iterator[bytes]:
    for _ in range(count):
        line = stream.readline()
        if not line:
            return
        yield line
