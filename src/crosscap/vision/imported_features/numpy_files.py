"""Arrays in ``.npy`` and ``.npz`` files, read by their headers: no pickle, no more bytes than the shape says."""

from __future__ import annotations

import lzma
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from crosscap.vision.imported_features.record import MAX_VALUES, Flaw, check_shape

_MAX_FILE = 4 * MAX_VALUES + (1 << 20)  # bytes of one picture's file
_BLOCK = 1 << 20
_DAMAGE = (
    *(OSError, EOFError, ValueError, TypeError, KeyError, SyntaxError, RecursionError, MemoryError, OverflowError),
    *(RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(tokenize.TokenError, UnicodeError),
)


class Arrays:
    """The arrays of an ``.npz`` file, each read when it is asked for."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}

    def get(self, *names: str, kinds: str = "f") -> NDArray | None:
        """The first of ``names`` that is there; None without any.

        Raises:
            Flaw: it is damaged, pickled, too large or of other ``kinds`` (see `check_shape`).
        """
        for name in names:
            if name in self._members:
                member = self._members[name]
                if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise Flaw(f"another compression: {name}")
                with damage(name), self._archive.open(member) as stream:
                    return _read(name, stream, kinds)
        return None

    def names(self) -> list[str]:
        return sorted(self._members)


@contextmanager
def open_npz(path: Path) -> Iterator[Arrays]:
    """The arrays of an ``.npz`` file.

    Raises:
        Flaw: no such archive.
    """
    with damage(path.name):
        if path.stat().st_size > _MAX_FILE:
            raise Flaw(f"too large: {path.stat().st_size} bytes")
        archive = zipfile.ZipFile(path)
    with archive:
        yield Arrays(archive)


def read_npy(path: Path) -> NDArray:
    """The float array of an ``.npy`` file.

    Raises:
        Flaw: it is damaged, pickled, too large, or holds other values.
    """
    with damage(path.name), open(path, "rb") as stream:
        return _read(path.name, stream, "f")


@contextmanager
def damage(name: str) -> Iterator[None]:
    """Errors of the libraries that read ``name`` as flaws: they raise nearly anything on bytes that nobody meant."""
    try:
        yield
    except _DAMAGE as error:
        detail = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
        raise Flaw(f"damaged: {name} ({detail})") from None


def _read(name: str, stream: IO[bytes], kinds: str) -> NDArray:
    # Version 1.0 alone: later headers may be gigabytes long, and only names of fields need them.
    if npy.read_magic(stream) != (1, 0):
        raise Flaw(f"another version: {name} is no array of NumPy's format 1.0")
    with warnings.catch_warnings():
        # Headers of Python 2, in which many of these files were made, take a second look.
        warnings.simplefilter("ignore", UserWarning)
        shape, in_columns, dtype = npy.read_array_header_1_0(stream)
    check_shape(name, dtype, shape, kinds)
    size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    content = bytearray()
    while len(content) < size and (block := stream.read(min(_BLOCK, size - len(content)))):
        content += block
    # Asking for one byte more also makes a zip file compare its checksum.
    if len(content) < size or stream.read(1):
        raise Flaw(f"damaged: {name} has not the {size} bytes that its header says")
    values = np.frombuffer(content, dtype)
    return values.reshape(shape[::-1]).T if in_columns else values.reshape(shape)
