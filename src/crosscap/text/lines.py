"""Lines of text files that come from outside: UTF-8, plain or gzip, with the unreadable ones set aside."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crosscap.errors import InputError

_OTHER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_CONVERT = "Convert it, such as with `iconv -f GB18030 -t UTF-8`."


@dataclass(frozen=True)
class Quarantined:
    """A record that was left out. ``line`` counts from 1."""

    file: str
    line: int
    reason: str


def read_lines(path: str | Path) -> Iterator[tuple[int, bytes]]:
    """Number (from 1) and bytes of each line, without its end and without a byte order mark, in constant memory.

    Raises:
        InputError: no such file, a broken gzip file, or UTF-16.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, "no such file", "a text file", "Check its path in params.yaml.")
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as stream:
            for number, line in enumerate(stream, 1):
                if number == 1:
                    encoding = _OTHER_MARKS.get(line[:2])
                    if encoding:
                        raise InputError(path, f"{encoding} text", "UTF-8 text", _CONVERT)
                    line = line.removeprefix(b"\xef\xbb\xbf")
                yield number, line.rstrip(b"\r\n")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(path, f"broken gzip data ({error})", "a whole gzip file", record=number + 1) from None


def decode(path: str | Path, number: int, line: bytes) -> str:
    """``line`` as text.

    Raises:
        InputError: it is no UTF-8; the file, the line and the byte are named.
    """
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(path, _byte(error), "UTF-8 text", _CONVERT, number) from None


def read_text_lines(path: str | Path) -> Iterator[tuple[int, str]]:
    """Number and text of each line of a file in which every line must be readable (see `read_lines`, `decode`)."""
    for number, line in read_lines(path):
        yield number, decode(path, number, line)


class Decoder:
    """Decodes the lines of one file and remembers those it could not.

    A few broken lines are quarantined; a file that is broken wherever it is more than ASCII has another encoding.
    """

    def __init__(self, path: str | Path, quarantine: list[Quarantined]) -> None:
        self._path, self._quarantine = Path(path), quarantine
        self._broken = self._readable = 0
        self._first: tuple[int, str] = (0, "")

    def text(self, number: int, line: bytes) -> str | None:
        """``line`` as text, or None, having quarantined it."""
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            self._broken += 1
            self._first = self._first if self._first[0] else (number, _byte(error))
            self._quarantine.append(Quarantined(self._path.name, number, f"no UTF-8: {_byte(error)}"))
            return None
        self._readable += not text.isascii()
        return text

    def check(self) -> None:
        """To be called at the end of the file.

        Raises:
            InputError: three lines or more could not be read, and those are most of the lines that are not plain ASCII.
        """
        if self._broken >= 3 and self._broken > self._readable:
            number, found = self._first
            found = f"{found}, and {self._broken - 1} more lines like it"
            raise InputError(self._path, found, "UTF-8 text", _CONVERT, number)


def _byte(error: UnicodeDecodeError) -> str:
    return f"byte {error.object[error.start]:#04x} at {error.start}"
