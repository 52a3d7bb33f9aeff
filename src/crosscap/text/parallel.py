"""Readers of parallel text in lines, one pair at a time. Broken records are set aside, sides out of step stop it.

The other layouts have modules of their own: `crosscap.text.tmx`, `sgml`, `json_records`, `captions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from crosscap.config.loader import nearest
from crosscap.errors import InputError
from crosscap.text.encodings import decode
from crosscap.text.source_file import SourceFile


class Pair(NamedTuple):
    """A sentence in two languages. ``origin`` is the file it comes from, with the attribution where one is given."""

    id: str
    source: str
    target: str
    origin: str


def read_moses(source: SourceFile, target: SourceFile) -> Iterator[Pair]:
    """Two files in which lines of one number belong together.

    Raises:
        InputError: one file ends before the other (its name and the line are given), or is not UTF-8.
    """
    for number, (left, right) in enumerate(zip_longest(source.lines(), target.lines()), 1):
        if left is None or right is None:
            raise _ended(*((source, target) if left is None else (target, source)), number)
        source.read += 1
        target.read += 1
        source_text = source.text(number, left)
        if source_text is None:
            target.set_aside_by_partner("broken source side")
            continue
        target_text = target.text(number, right)
        if target_text is None:
            source.set_aside_by_partner("broken target side")
        elif pair := kept_halves(source, target, number, source_text, target_text):
            yield pair
    source.finish()
    target.finish()


def kept_halves(source: SourceFile, target: SourceFile, number: int, left: str, right: str) -> Pair | None:
    """The pair of record ``number`` of two files, or None, having set it aside in both."""
    left, right = left.strip(), right.strip()
    if left and right:
        source.kept += 1
        target.kept += 1
        return Pair(f"{source.name}-{number:08d}", left, right, source.name)
    reason = "empty target side" if left else "empty source side"
    broken, other = (target, source) if left else (source, target)
    broken.set_aside(number, reason, left or right)
    other.set_aside_by_partner(reason)
    return None


def _ended(short: SourceFile, other: SourceFile, number: int) -> InputError:
    return InputError(
        short.path,
        f"the end of the file after {number - 1} lines",
        f"a translation of line {number} of {other.path}",
        "Both sides must have the same number of lines.",
        number,
    )


def read_tsv(file: SourceFile, columns: Sequence[int | str], attribution: int | None = None) -> Iterator[Pair]:
    """Lines of tab-separated columns, such as Tatoeba's ``source<TAB>target<TAB>attribution``.

    Args:
        columns: the source's and the target's column: numbers from 1, or names that the first line gives.
        attribution: number of the column that names the authors; it goes to the pairs' ``origin``.

    Raises:
        InputError: the file is not UTF-8, its first line lacks a name, or most lines lack the columns.
    """
    lines = enumerate(file.lines(), 1)
    places = [column - 1 for column in columns if isinstance(column, int)]
    if len(places) < len(columns):
        places = _named_places(file, next(lines, (1, b""))[1], columns)
    left, right = places
    least = max(*places, (attribution or 1) - 1) + 1
    for number, line in lines:
        file.read += 1
        text = file.text(number, line)
        if text is None:
            continue
        cells = text.split("\t")
        if len(cells) < least:
            file.set_aside(number, f"too few columns: {len(cells)} of {least}", text, malformed=bool(text.strip()))
            continue
        origin = f"{file.name}: {_credit(cells[attribution - 1])}" if attribution else file.name
        if pair := _kept(file, number, cells[left], cells[right], origin):
            yield pair
    file.finish()


def read_alternating(file: SourceFile, columns: Sequence[int]) -> Iterator[Pair]:
    """Lines of the two languages in turn, as UM-Corpus has them; a record is two lines, and has its first one's number.

    Args:
        columns: which of the two lines is the source and which the target: (1, 2) or (2, 1).

    Raises:
        InputError: the file is not UTF-8, or ends after the first line of a pair.
    """
    file.unit = "pairs of lines"
    lines, number = file.lines(), 1
    for first in lines:
        second = next(lines, None)
        if second is None:
            remedy = "Lines of both languages must take turns."
            raise InputError(file.path, "the end of the file", f"a translation of line {number}", remedy, number + 1)
        file.read += 1
        texts = [file.text(number, first)]
        if texts[0] is not None:
            texts.append(file.text(number + 1, second))
            source, target = (texts[column - 1] if texts[1] is not None else None for column in columns)
            if source is not None and target is not None and (pair := _kept(file, number, source, target, file.name)):
                yield pair
        number += 2
    file.finish()


def kept_pair(file: SourceFile, number: int, source: str, target: str, key: str = "") -> Pair | None:
    """The pair of record ``number``, whose texts may hold line breaks, or None, having set it aside.

    Args:
        key: what tells the record from the others of ``file``; without one its number does.
    """
    source, target = " ".join(source.split()), " ".join(target.split())
    try:
        (source + target).encode()
    except UnicodeEncodeError:
        file.set_aside(number, "half of a surrogate pair", repr(source + target))
        return None
    pair = _kept(file, number, source, target, file.name)
    return pair._replace(id=f"{file.name}-{key}") if pair and key else pair


def _kept(file: SourceFile, number: int, source: str, target: str, origin: str) -> Pair | None:
    source, target = source.strip(), target.strip()
    if source and target:
        file.kept += 1
        return Pair(f"{file.name}-{number:08d}", source, target, origin)
    file.set_aside(number, "empty target side" if source else "empty source side", source or target)
    return None


def _named_places(file: SourceFile, header: bytes, columns: Sequence[int | str]) -> list[int]:
    names = [name.strip() for name in decode(file.path, 1, header).split("\t")]
    places = []
    for column in columns:
        if column not in names:
            found = f"columns {', '.join(map(repr, names))}"[:200]
            raise InputError(file.path, found, f"a column {column!r}", nearest(str(column), names), 1)
        places.append(names.index(str(column)))
    return places


def _credit(text: str) -> str:
    """Who is named, without ManyThings' words before it."""
    return text.rpartition("Attribution:")[2].strip()
