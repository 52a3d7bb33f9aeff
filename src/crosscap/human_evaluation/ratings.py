"""Reads what raters gave back, and takes nothing on trust: tables come from spreadsheets, mail and tired people."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from crosscap.errors import InputError
from crosscap.human_evaluation.form import CAPTIONS, COLUMNS, ITEM, NOT_ASKED, RATER, STUDY, caption_cell
from crosscap.human_evaluation.scales import SCALES
from crosscap.human_evaluation.study import Study


@dataclass(frozen=True)
class Rating:
    """What a rater gave an item in a quality."""

    rater: str
    item: str
    quality: str
    value: int


@dataclass(frozen=True)
class Returned:
    """All ratings, and what was asked for but is not there: ``{rater: how many ratings}``."""

    ratings: Sequence[Rating]
    missing: Mapping[str, int]


def read_sheets(study: Study, paths: Sequence[Path], allow_missing: bool = False) -> Returned:
    """The ratings of all tables.

    Args:
        allow_missing: take what is there of unfinished tables, and raters without one.

    Raises:
        InputError: a table is not of this study, two are of one rater, an item is unknown, on another rater's sheet,
            there twice or beside another item's caption, a value is none of the scale; or something is missing.
    """
    files: dict[str, Path] = {}
    ratings: list[Rating] = []
    missing: dict[str, int] = {}
    for path in paths:
        rater, theirs = _read_sheet(study, path)
        if rater in files:
            remedy = "Give one of them, or put the right name into its column `rater`."
            raise InputError(path, f"a second table of {rater}; the first is {files[rater]}", "one a rater", remedy)
        files[rater] = path
        given = {(rating.item, rating.quality) for rating in theirs}
        asked = [(item, quality) for item in study.raters[rater] for quality in study.items[item].qualities]
        if left := [f"{quality} of {item}" for item, quality in asked if (item, quality) not in given]:
            missing[rater] = len(left)
            if not allow_missing:
                some = ", ".join(left[:3]) + (", …" if len(left) > 3 else "")
                remedy = "Ask the rater for them, or pass --allow-missing."
                raise InputError(path, f"{len(left)} of {len(asked)} ratings missing: {some}", "all", remedy)
        ratings += theirs
    absent = [rater for rater in study.raters if rater not in files]
    for rater in absent:
        missing[rater] = sum(len(study.items[item].qualities) for item in study.raters[rater])
    if absent and not allow_missing:
        remedy = "Add them, or pass --allow-missing."
        raise InputError("crosscap judge scores", f"no table of {', '.join(absent)}", "one of each rater", remedy)
    if not ratings:
        raise InputError("crosscap judge scores", "no rating", "at least one")
    return Returned(ratings, dict(sorted(missing.items())))


def _read_sheet(study: Study, path: Path) -> tuple[str, list[Rating]]:
    """The rater and the ratings of one table."""
    first_line: dict[str, int] = {}
    rater = ""
    ratings = []
    for line, cells in _records(path, study.qualities):
        if cells[STUDY] != study.code:
            remedy = "Give the key that was made with this table."
            raise InputError(path, f"a row of study {cells[STUDY]!r}", f"study {study.code}", remedy, line)
        if cells[RATER] not in study.raters:
            raise InputError(path, f"the rater {cells[RATER]!r}", f"one of {', '.join(study.raters)}", record=line)
        rater = rater or cells[RATER]
        if cells[RATER] != rater:
            remedy = "Make a table of each rater's rows."
            raise InputError(path, f"a row of {cells[RATER]} among {rater}'s", "one rater a table", remedy, line)
        _check_item(study, path, line, rater, cells)
        name = cells[ITEM]
        if name in first_line:
            remedy = "Remove the row that does not count."
            raise InputError(path, f"{name} again, first on line {first_line[name]}", "each item once", remedy, line)
        first_line[name] = line
        for quality in study.qualities:
            value = _value(study, path, line, name, quality, cells[quality])
            if value is not None:
                ratings.append(Rating(rater, name, quality, value))
    if not rater:
        raise InputError(path, "no rows", f"those of a rater of study {study.code}")
    return rater, ratings


def _check_item(study: Study, path: Path, line: int, rater: str, cells: Mapping[str, str]) -> None:
    name = cells[ITEM]
    if name not in study.items:
        raise InputError(path, f"the item {name!r}", f"an item of study {study.code}", "Mend the cell.", line)
    if name not in study.raters[rater]:
        others = ", ".join(other for other, items in study.raters.items() if name in items)
        found = f"{name}, which is on the sheet of {others}, not on that of {rater}"
        raise InputError(path, found, f"items of {rater}", "See whose rows these are.", line)
    expected = caption_cell(study.items[name].captions)
    # A column that was sorted or moved by itself gives every caption another's ratings. Spreadsheets eat a leading '.
    if cells[CAPTIONS] and _plain(cells[CAPTIONS]) != _plain(expected):
        remedy = "Rows were mixed up: restore the columns, ratings may have moved too."
        raise InputError(path, f"{cells[CAPTIONS][:60]!r} beside {name}", f"{expected[:60]!r}", remedy, line)


def _plain(cell: str) -> str:
    return " ".join(cell.removeprefix("'").split())


def _value(study: Study, path: Path, line: int, name: str, quality: str, cell: str) -> int | None:
    """The number in a cell, None where there is none; spreadsheets may write 4 as ``4.0`` or ``4,00``."""
    if not cell or cell.lower() == NOT_ASKED:
        return None
    if quality not in study.items[name].qualities:
        raise InputError(path, f"{quality} {cell!r}", f"{NOT_ASKED}: {name} is not asked for it", "Clear it.", line)
    highest = SCALES[study.scale].highest
    number = re.sub(r"[.,]0+$", "", cell)
    # Digits of other scripts, too: full-width ones come from Chinese keyboards.
    value = int(number) if number.isdecimal() and len(number) < 4 else 0
    if not 1 <= value <= highest:
        raise InputError(path, f"{quality} {cell!r} of {name}", f"a whole number from 1 to {highest}", record=line)
    return value


def _records(path: Path, qualities: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of each row that is not empty, whichever separator the spreadsheet wrote."""
    text = _text(path)
    needed = [*COLUMNS, *qualities]
    header = next((line for line in text.splitlines() if line.strip() and not _names_separator(line)), "")
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] | None = None
    line = 0
    try:
        for cells in reader:
            begin, line = line + 1, reader.line_num  # a cell may hold line ends
            cells = [cell.strip() for cell in cells]
            if columns is None:
                if not any(cells) or _names_separator(cells[0]):
                    continue
                columns = cells
                if wrong := [name for name in needed if columns.count(name) != 1]:
                    found = f"not one column each of {', '.join(wrong)}"
                    remedy = "Save the table as CSV with its first row, as it was sent."
                    raise InputError(path, found, f"the columns {', '.join(needed)}", remedy, begin)
            elif any(cells):
                if any(cells[len(columns) :]):
                    raise InputError(path, f"{len(cells)} cells", f"{len(columns)}", "Mend the row.", begin)
                yield begin, dict(zip_longest(columns, cells[: len(columns)], fillvalue=""))
    except csv.Error as error:
        raise InputError(path, str(error), "CSV", "Save the table as CSV again.", reader.line_num) from None


def _names_separator(line: str) -> bool:
    """Excel's own ``sep=;`` above a table."""
    return line.strip().lower().startswith("sep=")


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(path, f"a file that cannot be read: {error.strerror}", "a rater's table") from None
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        remedy = "Save it as `CSV UTF-8`."
        raise InputError(path, f"bytes that are not {encoding[:6].upper().rstrip('-')}", "UTF-8 text", remedy) from None
