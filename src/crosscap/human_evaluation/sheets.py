"""Writes a study: the key, and for each rater a page and a table that say nothing of systems."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from PIL import Image

from crosscap.errors import InputError
from crosscap.human_evaluation.form import picture_names, rows
from crosscap.human_evaluation.page import rating_page
from crosscap.human_evaluation.study import Study
from crosscap.io.artifacts import atomic_directory, write_json
from crosscap.vision.images import load_picture

KEY, SHEETS, PICTURES = "key.json", "sheets", "pictures"
QUALITY = 85  # of the JPEGs


def write_study(study: Study, files: dict[str, Path], folder: Path, longest: int, language: str) -> None:
    """Write ``key.json`` and ``sheets/``: ``rater-N.html``, ``rater-N.csv`` and, for the tables, ``pictures/``.

    Args:
        files: image -> picture; decoded and saved anew, so that neither names nor metadata reach a rater.
        longest: pixels of a picture's longer side.
        language: that the pages speak.

    Raises:
        InputError: the folder exists (a key that is lost cannot be made again), or a picture cannot be read.
    """
    if folder.exists():
        raise InputError(folder, "a folder or file of this name", "none", "Name another --output, or remove it.")
    names = picture_names(study)
    pictures = {image: _jpeg(files[image], longest) for image in names}
    with atomic_directory(folder) as temporary:
        sheets = temporary / SHEETS
        (sheets / PICTURES).mkdir(parents=True)
        for image, name in names.items():
            (sheets / PICTURES / name).write_bytes(pictures[image])
        for rater in study.raters:
            # The mark at the start tells spreadsheets that this is UTF-8.
            with open(sheets / f"{rater}.csv", "w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream).writerows(rows(study, rater, names))
            page = rating_page(study, rater, names, pictures, language)
            (sheets / f"{rater}.html").write_text(page, encoding="utf-8")
        write_json(temporary / KEY, study.content())


def _jpeg(path: Path, longest: int) -> bytes:
    picture = Image.fromarray(load_picture(path))
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
