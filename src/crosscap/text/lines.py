"""Lines of text files that come from outside: UTF-8, plain or compressed, in constant memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from crosscap.errors import InputError
from crosscap.text.compression import read_blocks
from crosscap.text.encodings import check_head, decode

MAX_LINE = 1 << 20  # bytes; what is longer is no sentence, and would fill the memory


def read_lines(path: str | Path, digest: hashlib._Hash | None = None, longest: int = MAX_LINE) -> Iterator[bytes]:
    """Bytes of each line, without its end (LF or CRLF) and without a byte order mark, in constant memory.

    A line of more than ``longest`` bytes may be cut after them: its length still tells.

    Raises:
        InputError: no such file, broken compressed data, or no UTF-8 from its start on.
    """
    rest, number = b"", 1

    def place() -> int:
        return number

    for block in read_text_blocks(path, digest, place):
        text = rest + block
        lines = text.split(b"\n")
        rest = lines.pop()[: longest + 1]
        if b"\r" in text:
            lines = [line.rstrip(b"\r") for line in lines]
        yield from lines
        number += len(lines)
    if rest:
        yield rest.rstrip(b"\r")


def read_text_blocks(path: str | Path, digest: hashlib._Hash | None, place: Callable[[], int]) -> Iterator[bytes]:
    """The content of a file in pieces, without a byte order mark (see `read_lines`).

    Args:
        place: is called for the line that an error names.
    """
    blocks = read_blocks(path, digest)
    first = True
    while True:
        try:
            block = next(blocks, b"")
        except InputError as error:
            line = None if first else place()
            raise InputError(error.path, error.found, error.expected, error.remedy, line) from None
        if not block:
            return
        yield check_head(path, block) if first else block
        first = False


def read_text_lines(path: str | Path, digest: hashlib._Hash | None = None) -> Iterator[tuple[int, str]]:
    """Number (from 1) and text of each line of a file in which every line must be readable.

    Raises:
        InputError: see `read_lines`; a line that is no UTF-8, or longer than `MAX_LINE`.
    """
    for number, line in enumerate(read_lines(path, digest), 1):
        if len(line) > MAX_LINE:
            raise InputError(path, f"more than {MAX_LINE} bytes", "a line of text", record=number)
        yield number, decode(path, number, line)
