from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.human_evaluation.form import rows
from crosscap.human_evaluation.ratings import Rating, read_sheets
from crosscap.human_evaluation.study import Plan, Study, design

CAPTIONS = {"run": {"1": "=a dog", "2": 'a "cat", black', "3": "eine Kuh"}, "other": {"1": "x", "2": "y", "3": "z"}}
QUALITIES = ("relevancy", "diversification")

Table = list[list[str]]


@pytest.fixture
def study() -> Study:
    return design(CAPTIONS, {"run": "", "other": ""}, ["1", "2", "3"], "unison", QUALITIES, "en", Plan(3, 2, 2, 3, 1))


def filled(study: Study, rater: str) -> Table:
    """The table of ``rater``, rated 1, 2, … 5, 1, … in its order."""
    table = list(rows(study, rater, {image: f"{image}.jpg" for image in study.images}))
    for number, row in enumerate(table[1:]):
        row[5:] = [cell or str(1 + number % 5) for cell in row[5:]]
    return table


def write(path: Path, table: Table, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with open(path, "w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(table)
    return path


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (",", "utf-8-sig"), (";", "utf-8-sig"), ("\t", "utf-16")]
)
def test_tables_are_read_as_spreadsheets_save_them(study, tmp_path, delimiter: str, encoding: str) -> None:
    paths = [write(tmp_path / f"{rater}.csv", filled(study, rater), delimiter, encoding) for rater in study.raters]
    returned = read_sheets(study, paths)
    assert returned.missing == {} and len(returned.ratings) == 2 * (6 + 2)
    for rater, order in study.raters.items():
        for number, item in enumerate(order):
            (quality,) = study.items[item].qualities
            assert Rating(rater, item, quality, 1 + number % 5) in returned.ratings


def test_spreadsheets_may_change_columns_and_cells_that_mean_the_same(study, tmp_path) -> None:
    table = filled(study, "rater-1")
    table[0].append("my notes")
    for row in table[1:]:
        row[4] = row[4].removeprefix("'")  # what Excel shows
        row[5:] = [{"1": "1.0", "2": "2,00", "3": "３", "n/a": "N/A"}.get(cell, f" {cell} ") for cell in row[5:]] + [
            "!"
        ]
    turned = [[row[7], *row[:7]] for row in table] + [[""] * 8]
    first = read_sheets(study, [write(tmp_path / "a.csv", turned)], allow_missing=True)
    second = read_sheets(study, [write(tmp_path / "b.csv", filled(study, "rater-1"))], allow_missing=True)
    assert first.ratings == second.ratings and len(first.ratings) == 8


@pytest.mark.parametrize("above", ["sep=;\r\n", "\r\n;;;\r\n"])
def test_lines_above_the_table_that_say_nothing_are_passed_over(study, tmp_path, above: str) -> None:
    path = write(tmp_path / "a.csv", filled(study, "rater-1"), ";")
    first = read_sheets(study, [path], allow_missing=True)
    path.write_text(above + path.read_text())
    assert read_sheets(study, [path], allow_missing=True) == first


def test_what_is_missing_is_counted_when_it_is_allowed(study, tmp_path) -> None:
    table = filled(study, "rater-1")
    table[2][5:] = ["", "n/a"]
    del table[1]
    returned = read_sheets(study, [write(tmp_path / "a.csv", table)], allow_missing=True)
    assert returned.missing == {"rater-1": 2, "rater-2": 8} and len(returned.ratings) == 6


def edit(line: int, column: int, value: str) -> Callable[[Table], object]:
    return lambda table: table[line].__setitem__(column, value)


MISTAKES = {
    "unknown item": (edit(1, 2, "c9999"), "line 2: found the item 'c9999'"),
    "other study": (edit(3, 0, "ffffffff"), "line 4: found a row of study 'ffffffff'"),
    "unknown rater": (edit(1, 1, "rater-7"), "line 2: found the rater 'rater-7', expected one of rater-1, rater-2"),
    "two raters": (edit(2, 1, "rater-2"), "line 3: found a row of rater-2 among rater-1's"),
    "too high": (edit(1, 5, "6"), "found relevancy '6' of c"),
    "zero": (edit(1, 5, "0"), "expected a whole number from 1 to 5"),
    "a half": (edit(1, 5, "3.5"), "relevancy '3.5'"),
    "a word": (edit(1, 5, "good"), "relevancy 'good'"),
    "minus": (edit(1, 5, "-3"), "relevancy '-3'"),
    "not asked": (edit(1, 6, "3"), "line 2: found diversification '3', expected n/a"),
    "empty cell": (edit(1, 5, ""), "1 of 8 ratings missing: relevancy of c"),
    "row gone": (lambda table: table.pop(8), "1 of 8 ratings missing: diversification of s"),
    "row twice": (lambda table: table.append(table[2]), "line 10: found c0"),
    "column gone": (lambda table: [row.pop(5) for row in table], "line 1: found not one column each of relevancy"),
    "column twice": (lambda table: [row.append(row[5]) for row in table], "not one column each of relevancy"),
    "no rows": (lambda table: table.__delitem__(slice(1, None)), "found no rows"),
    "loose comma": (lambda table: table[1].append("5"), "line 2: found 8 cells, expected 7"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_file_and_line(study, tmp_path, name: str) -> None:
    mistake, complaint = MISTAKES[name]
    table = filled(study, "rater-1")
    mistake(table)
    path = write(tmp_path / "a.csv", table)
    with pytest.raises(InputError) as error:
        read_sheets(study, [path, write(tmp_path / "b.csv", filled(study, "rater-2"))])
    assert str(error.value).startswith(str(path)) and complaint in str(error.value)


def test_captions_that_were_sorted_by_themselves_are_noticed(study, tmp_path) -> None:
    table = filled(study, "rater-1")
    captions = sorted(row[4] for row in table[1:])
    for row, caption in zip(table[1:], captions, strict=True):
        row[4] = caption
    with pytest.raises(InputError, match="Rows were mixed up"):
        read_sheets(study, [write(tmp_path / "a.csv", table)], allow_missing=True)


def test_an_item_of_another_raters_sheet_is_noticed(tmp_path) -> None:
    made = design(CAPTIONS, {"run": "", "other": ""}, ["1", "2"], "unison", ("fluency",), "en", Plan(2, 2, 1, 1, 1))
    table = [[*row[:1], "rater-1", *row[2:]] if row[1] == "rater-2" else row for row in filled(made, "rater-2")]
    with pytest.raises(InputError, match=r"which is on the sheet of rater-2, not on that of rater-1"):
        read_sheets(made, [write(tmp_path / "a.csv", table)])


def test_two_tables_of_one_rater_and_a_rater_without_one_are_refused(study, tmp_path) -> None:
    paths = [write(tmp_path / f"{name}.csv", filled(study, "rater-1")) for name in "ab"]
    with pytest.raises(InputError, match=r"b\.csv: found a second table of rater-1; the first is .*a\.csv"):
        read_sheets(study, paths)
    with pytest.raises(InputError, match="no table of rater-2"):
        read_sheets(study, paths[:1])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\xff\xfe\x00", "UTF-16"),
        ("relevancy,é".encode("latin-1"), "UTF-8"),
        (b"", "no rows"),
        (b"\x00\x01", "column"),
        (b"\x89PNG\r\n\x1a\n", "CSV UTF-8"),
    ],
)
def test_files_that_are_no_tables_are_refused(study, tmp_path, content: bytes, complaint: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(InputError, match=complaint):
        read_sheets(study, [tmp_path / "a.csv"])
    with pytest.raises(InputError, match="cannot be read"):
        read_sheets(study, [tmp_path / "gone.csv"])


def test_an_open_quote_is_a_clear_error(study, tmp_path) -> None:
    path = write(tmp_path / "a.csv", filled(study, "rater-1"))
    path.write_text(path.read_text() + '"open')
    with pytest.raises(InputError, match="expected CSV"):
        read_sheets(study, [path])
