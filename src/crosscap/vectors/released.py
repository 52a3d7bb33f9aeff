"""Released word vectors, in whichever of fastText's two formats they are."""

from __future__ import annotations

from pathlib import Path

from crosscap.errors import InputError
from crosscap.vectors.bin_file import MAGIC, read_bin
from crosscap.vectors.vec_file import Matrix, read_vec


def read_word_vectors(path: str | Path, max_words: int = 0) -> tuple[list[str], Matrix]:
    """The first ``max_words`` (0: all) words and their vectors [V, D]; the content tells the format, not the name.

    Raises:
        InputError: no such file, or what `read_vec` and `read_bin` refuse.
    """
    try:
        with open(path, "rb") as stream:
            start = stream.read(len(MAGIC))
    except OSError as error:
        raise InputError(path, str(error.strerror), "word vectors of fastText (.vec or .bin)") from None
    return (read_bin if start == MAGIC else read_vec)(path, max_words)
