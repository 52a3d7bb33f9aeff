"""fastText's text format: a line ``words size``, then ``word x1 … xD`` a line, most frequent word first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_path
from crosscap.text.lines import read_lines

Matrix = npt.NDArray[np.float32]
MAX_SIZE = 10_000  # values of a vector; released ones have 300


def write_vec(path: str | Path, words: Sequence[str], vectors: Matrix) -> None:
    """Write ``vectors`` [V, D], six significant digits a number (fastText's own files have five)."""
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(f"{len(words)} {vectors.shape[1]}\n")
        for word, row in zip(words, vectors, strict=True):
            stream.write(f"{word} {' '.join(f'{value:.6g}' for value in row.tolist())}\n")


def read_vec(path: str | Path, max_words: int = 0) -> tuple[list[str], Matrix]:
    """The first ``max_words`` (0: all) words of a ``.vec`` file, plain or compressed, and their vectors [V, D].

    Released files hold a few words twice (different bytes that are no UTF-8): the first, more frequent one stays.
    Memory is what the vectors read so far need, whatever the first line promises.

    Raises:
        InputError: no such file, no header, a line with another number of values, a value that is no finite number, or
            another number of lines than the header says.
    """
    lines = iter(read_lines(path))
    count, size = _header(path, next(lines, b""))
    wanted = min(count, max_words) if max_words else count
    words, vectors = _rows(path, islice(lines, wanted), wanted, size)
    if wanted == count and any(line.strip() for line in islice(lines, 1)):
        raise InputError(path, f"more than {count} words", f"{count}, as line 1 says", record=count + 2)
    return words, vectors


def _header(path: str | Path, line: bytes) -> tuple[int, int]:
    parts = line[:60].split()
    if len(parts) != 2 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= MAX_SIZE:
        raise InputError(
            path,
            repr(line[:40].decode("utf-8", "replace")),
            f"number of words and size of a vector, {MAX_SIZE} at most",
            "The file must be in fastText's text format (.vec) or its binary one (.bin).",
            record=1,
        )
    return int(parts[0]), int(parts[1])


def _rows(path: str | Path, lines: Iterable[bytes], wanted: int, size: int) -> tuple[list[str], Matrix]:
    # A dict and not a list: the words in order, each once.
    rows: dict[str, int] = {}
    vectors = np.empty((min(wanted, 1024), size), dtype=np.float32)
    read = 0
    for read, line in enumerate(lines, 1):
        # From the right: some released words hold a space of their own.
        word, *values = line.rstrip(b" ").rsplit(b" ", size)
        if len(values) != size or not word:
            raise InputError(path, f"{len(line.split()) - 1} values", f"a word and {size} values", record=read + 1)
        name = word.decode("utf-8", "replace")
        if name in rows:
            continue
        if len(rows) == len(vectors):
            vectors.resize((min(2 * len(vectors), wanted), size), refcheck=False)
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
