"""The table that a rater fills in, on paper, in a spreadsheet or through the page: its columns and cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crosscap.human_evaluation.study import Study

STUDY, RATER, ITEM, PICTURES, CAPTIONS = "study", "rater", "item", "pictures", "captions"
COLUMNS = (STUDY, RATER, ITEM, PICTURES, CAPTIONS)  # and one a quality
NOT_ASKED = "n/a"  # stands where an item is not rated in a quality
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def picture_names(study: Study) -> dict[str, str]:
    """Image id -> name of the picture's file on the sheets."""
    return {image: f"{number:04}.jpg" for number, image in enumerate(study.images, 1)}


def caption_cell(captions: Sequence[str]) -> str:
    """The captions of an item; what a spreadsheet would compute as a formula is marked as text."""
    text = " / ".join(captions)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def rows(study: Study, rater: str, pictures: Mapping[str, str]) -> Iterator[list[str]]:
    """The head and a row an item, cells to be rated empty."""
    yield [*COLUMNS, *study.qualities]
    for name in study.raters[rater]:
        item = study.items[name]
        shown = " ".join(pictures[image] for image in item.images)
        ratings = ["" if quality in item.qualities else NOT_ASKED for quality in study.qualities]
        yield [study.code, rater, name, shown, caption_cell(item.captions), *ratings]
