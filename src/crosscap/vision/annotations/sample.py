"""The beginning of a file of annotations, by which its layout is recognised."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from crosscap.text.compression import read_blocks
from crosscap.text.json_stream import JsonStream
from crosscap.text.lines import read_text_blocks
from crosscap.vision.annotations.hdf5 import MAGIC


@dataclass(frozen=True)
class Sample:
    """What a file begins with.

    Attributes:
        kind: HDF5, or by a JSON file's first character; else ``other``.
        key: of the first member of an object.
        value: the first element of an array, or the value of ``key``: if that is a list, its first element in a list.
    """

    kind: Literal["hdf5", "array", "object", "other"]
    key: str = ""
    value: Any = None


def first_entry(path: str | Path) -> Sample:
    """The beginning of a file.

    Raises:
        InputError: no such file, no UTF-8, or broken JSON.
    """
    path = Path(path)
    head = next(read_blocks(path), b"")
    if head.startswith(MAGIC):
        return Sample("hdf5")
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    stream = JsonStream(path, lambda place: read_text_blocks(path, None, place))
    if begin == b"[":
        return Sample("array", value=next((value for _, value in stream.elements()), None))
    if begin == b"{":
        for key in stream.members():
            if stream.next() == "[":
                return Sample("object", key, [value for _, value in islice(stream.elements(), 1)])
            return Sample("object", key, stream.value())
        return Sample("object")
    return Sample("other")
