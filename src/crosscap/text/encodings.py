"""Whether text is UTF-8 and, where it is not, which encoding is probable and how to convert it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from crosscap.errors import InputError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = {  # the longer ones first
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
# Punctuation and the 3,755 frequent characters of GB 2312, which make up almost all of a Chinese text.
_FREQUENT_CHINESE = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
# An accented letter stands among plain ones, two at most; characters of more than one byte come in rows.
_ACCENTED = re.compile(rb"(?<![\x80-\xff])[\x80-\xff]{1,2}(?![\x80-\xff])")
_HIGH = re.compile(rb"[\x80-\xff]")


def check_head(path: str | Path, head: bytes) -> bytes:
    """The first bytes of a file, without a byte order mark.

    Raises:
        InputError: they are UTF-16, UTF-32, or no text at all.
    """
    for mark, encoding in _OTHER_MARKS.items():
        if head.startswith(mark):
            raise InputError(path, f"{encoding} text", "UTF-8 text", conversion(path, encoding))
    head = head.removeprefix(BYTE_ORDER_MARK)
    sample = head[:4096]
    if sample.count(0) * 10 > len(sample):
        at_even, at_odd = sample[::2].count(0), sample[1::2].count(0)
        if min(at_even, at_odd) * 10 < max(at_even, at_odd):
            encoding = "UTF-16LE" if at_odd > at_even else "UTF-16BE"
            raise InputError(path, f"what is probably {encoding} text", "UTF-8 text", conversion(path, encoding))
        raise InputError(path, "data that is no text", "UTF-8 text")
    return head


def probable_encoding(sample: bytes) -> str:
    """iconv's name of the encoding that ``sample``, which is no UTF-8, probably has; empty when none is."""
    high = len(_HIGH.findall(sample))
    if 2 * len(_FREQUENT_CHINESE.findall(sample)) >= 0.8 * high:
        return "GB18030"
    if sum(map(len, _ACCENTED.findall(sample))) >= 0.8 * high:
        return "WINDOWS-1252" if re.search(rb"[\x80-\x9f]", sample) else "ISO-8859-1"
    return ""


def conversion(path: str | Path, encoding: str) -> str:
    """What to do about a file in ``encoding``, which may be empty: unknown."""
    name = shlex.quote(Path(path).name)
    if not encoding:
        return f"Find its encoding, such as with `file --mime-encoding {name}`, and convert it with iconv."
    return f"Convert it, it is probably {encoding}: `iconv -f {encoding} -t UTF-8 {name} > NEW`."


def decode(path: str | Path, number: int, line: bytes) -> str:
    """``line`` as text.

    Raises:
        InputError: it is no UTF-8; the file, the line and the byte are named.
    """
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        remedy = conversion(path, probable_encoding(line))
        raise InputError(path, broken_byte(error), "UTF-8 text", remedy, number) from None


def broken_byte(error: UnicodeDecodeError) -> str:
    return f"byte {error.object[error.start]:#04x} at {error.start}"
