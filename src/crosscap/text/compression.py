"""Files that come from outside, as bytes: plain, gzip, xz or zstd by their content, hashed while they are read."""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, cast

from crosscap.errors import InputError

BLOCK = 1 << 20  # bytes
SUFFIXES = {".gz": "gzip", ".xz": "xz", ".zst": "zstd"}
_MARKS = {b"\x1f\x8b": "gzip", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_ARCHIVES = {
    b"PK\x03\x04": ("a zip archive", "Unpack it with `unzip`."),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "Unpack it with `7z x`."),
    b"Rar!\x1a\x07": ("a rar archive", "Unpack it with `unrar x`."),
    b"BZh": ("bzip2 data", "Unpack it with `bunzip2`."),
}
# pyarrow reports broken zstd data as OSError
_BROKEN = (gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, OSError)


def plain_name(path: str | Path) -> str:
    """The file's name without the suffix of its compression: ``a/c.en.gz`` → ``c.en``."""
    path = Path(path)
    return path.stem if path.suffix in SUFFIXES else path.name


def read_blocks(path: str | Path, digest: hashlib._Hash | None = None) -> Iterator[bytes]:
    """The unpacked content of a file in pieces of 1 MiB.

    Args:
        digest: is given the file's own bytes as they are read, so that it holds their sum at the end.

    Raises:
        InputError: no such file, an archive of files, broken or truncated data, or a suffix that the content belies.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, "no such file", "a text file", "Check its path in params.yaml.")
    try:
        raw = open(path, "rb", buffering=0)  # noqa: SIM115 (closed below)
    except OSError as error:
        raise InputError(path, f"a file that cannot be opened ({error.strerror})", "a text file") from None
    with raw, io.BufferedReader(_Hashed(raw, digest), BLOCK) as whole:
        kind = _kind(path, whole.peek(8)[:8])
        try:
            with _unpacked(kind, whole) as stream:
                first = True
                while block := stream.read(BLOCK):
                    if first and block[257:262] == b"ustar":
                        raise InputError(path, "a tar archive", "a text file", "Unpack it with `tar xf`.")
                    yield block
                    first = False
        except _BROKEN as error:
            what = f"broken {kind} data" if kind else "a file that cannot be read to its end"
            raise InputError(path, f"{what} ({error})", "a whole file", "Fetch it again.") from None


def _kind(path: Path, head: bytes) -> str:
    """``gzip``, ``xz``, ``zstd`` or, for plain data, nothing."""
    for mark, (found, remedy) in _ARCHIVES.items():
        if head.startswith(mark) and (mark != b"BZh" or head[3:7].endswith(b"1AY")):
            raise InputError(path, found, "a text file, plain or .gz, .xz, .zst", remedy)
    kind = next((kind for mark, kind in _MARKS.items() if head.startswith(mark)), "")
    promised = SUFFIXES.get(path.suffix, "")
    if promised and kind != promised:
        found = f"{kind} data" if kind else "no compressed data" if head else "an empty file"
        raise InputError(path, found, f"{promised} data, as the name ends in {path.suffix}", "Mend its name.")
    return kind


def _unpacked(kind: str, whole: BinaryIO) -> AbstractContextManager[Any]:
    if kind == "gzip":
        return gzip.GzipFile(fileobj=whole)
    if kind == "xz":
        return lzma.LZMAFile(whole)
    if kind == "zstd":
        import pyarrow as pa

        return cast("AbstractContextManager[Any]", pa.CompressedInputStream(pa.PythonFile(whole, mode="r"), "zstd"))
    return whole


class _Hashed(io.RawIOBase):
    """A raw file whose bytes are hashed on their way."""

    def __init__(self, raw: io.FileIO, digest: hashlib._Hash | None) -> None:
        self._raw, self._digest = raw, digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._raw.readinto(buffer)
        if self._digest and count:
            self._digest.update(memoryview(buffer)[:count])
        return count
