"""Bottom-up attention's tables (Anderson et al. 2018): a picture a line, arrays in base64.

Six columns as its authors publish them, or ten with names of objects and attributes as LXMERT's. Other columns and
orders are understood where the first line names them.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosscap.errors import InputError
from crosscap.text.lines import read_lines
from crosscap.vision.imported_features.record import MAX_BOXES, BestNames, Entry, Flaw, Record, flawed

COLUMNS = {
    6: ("image_id", "image_w", "image_h", "num_boxes", "boxes", "features"),
    10: (
        *("image_id", "image_h", "image_w", "objects_id", "objects_conf", "attrs_id", "attrs_conf"),
        *("num_boxes", "boxes", "features"),
    ),
}
_OTHER_NAMES = {"img_id": "image_id", "img_w": "image_w", "img_h": "image_h"}  # LXMERT's
LONGEST = 1 << 26  # bytes of a line: 6,000 boxes of 2,048 values

Columns = Sequence[str]


def read_tables(paths: Sequence[Path]) -> Iterator[Entry]:
    """Every line of every table, plain or compressed, one at a time.

    Raises:
        InputError: no such file, no text, or broken compressed data.
    """
    for path in paths:
        columns: Columns | None = None
        number = 0
        for number, line in enumerate(read_lines(path, longest=LONGEST), 1):
            if number == 1 and (columns := _header(line)):
                continue
            yield _entry(f"{path.name}, line {number}", line, columns)
        if not number:
            raise InputError(path, "an empty file", "a table of features")


def _header(line: bytes) -> Columns | None:
    names = [_OTHER_NAMES.get(name, name) for name in line.decode("utf-8", "replace").split("\t")]
    return names if {"image_id", "num_boxes", "boxes", "features"} <= set(names) else None


def _entry(place: str, line: bytes, columns: Columns | None) -> Entry:
    fields = line.split(b"\t")
    columns = columns or COLUMNS.get(len(fields), ())
    if len(line) > LONGEST:
        return flawed("", place, f"too long: a line of more than {LONGEST} bytes")
    if len(fields) != len(columns):
        expected = f"{len(columns)}" if columns else "6 or 10"
        return flawed("", place, f"another number of columns: {len(fields)}, expected {expected}")
    row = dict(zip(columns, fields, strict=True))
    try:
        key = row["image_id"].decode()
    except UnicodeDecodeError:
        return flawed("", place, "no UTF-8: image_id")
    return Entry(key, place, partial(_record, row))


def _record(row: dict[str, bytes]) -> Record:
    count = _whole(row, "num_boxes")
    if count > MAX_BOXES:
        raise Flaw(f"too many boxes: {count}")
    if not count:
        raise Flaw("no boxes: num_boxes is 0")
    size = (_whole(row, "image_w"), _whole(row, "image_h")) if {"image_w", "image_h"} <= row.keys() else None
    return Record(
        features=_array(row, "features", count, "<f4", None),
        # Their width is known, so that it tells the precision; the features' does not.
        boxes=_array(row, "boxes", count, f"<f{_itemsize(row, 'boxes', 4 * count)}", 4),
        size=size,
        count=count,
        classes=_names(row, "objects", count),
        attributes=_names(row, "attrs", count),
    )


def _names(row: dict[str, bytes], what: str, count: int) -> BestNames | None:
    ids, confidences = f"{what}_id", f"{what}_conf"
    if not {ids, confidences} <= row.keys():
        return None
    return BestNames(
        _array(row, ids, count, f"<i{_itemsize(row, ids, count)}", 1)[:, 0],
        _array(row, confidences, count, f"<f{_itemsize(row, confidences, count)}", 1)[:, 0],
    )


def _whole(row: dict[str, bytes], name: str) -> int:
    text = row[name]
    if not (text.isdigit() and len(text) <= 9):
        raise Flaw(f"no whole number: {name}")
    return int(text)


def _decoded(row: dict[str, bytes], name: str) -> bytes:
    try:
        return binascii.a2b_base64(row[name], strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise Flaw(f"no base64: {name} ({error})") from None


def _itemsize(row: dict[str, bytes], name: str, values: int) -> int:
    length = len(row[name].rstrip(b"=")) * 3 // 4
    return next((size for size in (2, 4, 8) if length == size * values), 4)


def _array(row: dict[str, bytes], name: str, count: int, dtype: str, width: int | None) -> NDArray:
    content, item = _decoded(row, name), np.dtype(dtype).itemsize
    if width is None:
        width = len(content) // (count * item)
    if not width or len(content) != count * width * item:
        expected = f"{count * width * item} for {count} boxes" if width else f"some for {count} boxes"
        raise Flaw(f"another length: {name} has {len(content)} bytes, expected {expected}")
    return np.frombuffer(content, dtype).reshape(count, width)
