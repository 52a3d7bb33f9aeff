"""fastText's binary model format (.bin): words, subword hashes and one matrix of 32-bit floats, little-endian.

The order in the file, as fastText 0.9 writes it (version 12 of the format; 11 lacks nothing that is read here)::

    magic, version                                   2 int32
    size, window, epochs, min count, negatives,
      word n-grams, loss, kind, buckets,
      shortest, longest subword, update rate         12 int32
    subsampling                                      float64
    entries, words, labels                           3 int32
    tokens, pruned                                   2 int64
    entries times: text, zero byte, count, kind      int64, int8 (0 word, 1 label)
    quantised                                        int8
    rows, columns                                    2 int64
    rows x columns values                            float32: first the words, then the buckets of subwords

A word's vector is the mean of its own row and the rows of its subwords (Bojanowski et al. 2017, section 3.2). The
matrix is mapped and not read: of a file of 7 GB only the rows that the wanted words need come into memory.
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crosscap.errors import InputError
from crosscap.vectors.vec_file import MAX_SIZE, Matrix

MAGIC = struct.pack("<i", 793712314)
_HEADER = struct.Struct("<2i12id3i2q")
_LONGEST = 1 << 16  # bytes of a word
_LONGEST_SUBWORD = 100  # characters; released models have 6 at most, and the work grows with it
_REMEDY = "The file is cut off or no model of fastText: copy it again."


class _Model(NamedTuple):
    size: int
    buckets: int
    shortest: int
    longest: int
    entries: int
    words: int


def read_bin(path: str | Path, max_words: int = 0) -> tuple[list[str], Matrix]:
    """The first ``max_words`` (0: all) words of a model and their vectors [V, D], as fastText gives them.

    Words twice (different bytes that are no UTF-8): the first, more frequent one stays.

    Raises:
        InputError: no such file, no model of fastText, a quantised one, sizes that do not fit the file, or a value that
            is no finite number.
    """
    path = Path(path)
    try:
        with open(path, "rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _read(path, data, max_words)
    except FileNotFoundError:
        raise InputError(path, "no such file", "a model of fastText (.bin)") from None
    except (struct.error, ValueError) as error:  # an empty file, or one that ends early
        raise InputError(path, str(error), "a model of fastText (.bin)", _REMEDY) from None


def _read(path: Path, data: mmap.mmap, max_words: int) -> tuple[list[str], Matrix]:
    model = _model(path, data)
    # Words stand before labels, and only words are asked for.
    wanted = min(model.words, max_words) if max_words else model.words
    names, place = _entries(path, data, model.entries, wanted)
    quantised, rows, columns = struct.unpack_from("<?2q", data, place)
    place += struct.calcsize("<?2q")
    if quantised:
        raise InputError(path, "a quantised model (.ftz)", "a model of 32-bit floats (.bin)")
    expected = model.words + model.buckets, model.size
    if rows < expected[0] or columns != expected[1]:
        raise InputError(path, f"a matrix of {rows} x {columns}", f"{expected[0]} x {expected[1]}", _REMEDY)
    if rows * columns * 4 > len(data) - place:
        raise InputError(path, f"{len(data) - place} bytes of values", f"{rows * columns * 4}", _REMEDY)
    matrix = np.memmap(path, dtype="<f4", mode="r", offset=place, shape=(rows, columns))
    return _vectors(path, model, names, matrix)


def _model(path: Path, data: mmap.mmap) -> _Model:
    if data[:4] != MAGIC:
        raise InputError(path, f"a file that begins with {data[:4]!r}", "a model of fastText (.bin)")
    fields = _HEADER.unpack_from(data)
    version, size, kind, buckets, shortest, longest = (fields[place] for place in (1, 2, 9, 10, 11, 12))
    entries, words, pruned = fields[15], fields[16], fields[19]
    if version not in (11, 12):
        raise InputError(path, f"version {version} of the format", "11 or 12")
    if pruned > 0:
        raise InputError(path, "a pruned model", "a model with all its subwords")
    if not (1 <= size <= MAX_SIZE and 1 <= words <= entries <= len(data) and 0 <= buckets <= len(data)):
        raise InputError(
            path, f"{entries} entries, {words} words, {buckets} buckets of {size} values", "sizes that fit"
        )
    if version == 11 and kind == 3:  # a classifier of that time has no subwords, whatever its header says
        longest = 0
    if not (shortest >= 0 and 0 <= longest <= _LONGEST_SUBWORD):
        raise InputError(
            path, f"subwords of {shortest} to {longest} characters", f"0 to {_LONGEST_SUBWORD} characters", _REMEDY
        )
    return _Model(size, buckets if longest > 0 else 0, shortest, longest, entries, words)


def _entries(path: Path, data: mmap.mmap, count: int, wanted: int) -> tuple[list[bytes], int]:
    """Texts of the first ``wanted`` of ``count`` entries, and the place behind the last entry."""
    names: list[bytes] = []
    place = _HEADER.size
    for number in range(1, count + 1):
        end = data.find(b"\0", place, place + _LONGEST)
        if end < 0 or end + 10 > len(data):
            raise InputError(path, "no end of the word", "a zero byte and its count", _REMEDY, record=f"entry {number}")
        if number <= wanted:
            names.append(data[place:end])
        place = end + 10
    return names, place


def _vectors(
    path: Path, model: _Model, names: list[bytes], matrix: npt.NDArray[np.float32]
) -> tuple[list[str], Matrix]:
    # A dict and not a list: the words in order, each once.
    rows: dict[str, int] = {}
    vectors = np.empty((len(names), model.size), dtype=np.float32)
    for entry, name in enumerate(names):
        word = name.decode("utf-8", "replace")
        if word in rows:
            continue
        vectors[len(rows)] = matrix[[entry, *_subwords(name, word, model)]].mean(0)
        if not np.isfinite(vectors[len(rows)]).all():
            raise InputError(path, f"a value of {word!r} that is not finite", "numbers", record=f"entry {entry + 1}")
        rows[word] = len(rows)
    return list(rows), vectors[: len(rows)]


def _subwords(name: bytes, word: str, model: _Model) -> list[int]:
    from gensim.models.fasttext import ft_ngram_hashes

    # The end of a sentence has none.
    if not model.buckets or name == b"</s>":
        return []
    hashes = ft_ngram_hashes(word, model.shortest, model.longest, model.buckets)
    return [model.words + place for place in hashes]
