"""Which layout a file has, by its first lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from crosscap.errors import InputError
from crosscap.text.captions import CAPTION_LINE
from crosscap.text.lines import read_lines

LOOKED_AT = 40  # lines
ONE_FILE = ("tsv", "tatoeba", "tmx", "json_lines", "alternating")
TWO_FILES = ("moses", "sgml", "captions")


def parallel_format(paths: Sequence[str | Path]) -> str:
    """The layout of parallel text: one of `ONE_FILE` or, for an even number of ``paths``, of `TWO_FILES`.

    Raises:
        InputError: no layout fits the first file.
    """
    lines = _first_lines(paths[0])
    if lines and lines[0].startswith(("<?xml", "<!DOCTYPE tmx", "<tmx")):
        return "tmx"
    if lines and all(line.startswith("{") and line.endswith("}") for line in lines):
        return "json_lines"
    cells = [line.split("\t") for line in lines]
    if _most(len(row) > 1 and row[0].count("#") < 1 for row in cells):
        return "tatoeba" if _most(len(row) > 2 and "Attribution:" in row[2] for row in cells) else "tsv"
    if len(paths) % 2 == 0:
        if lines and lines[0].lower().startswith(("<srcset", "<refset", "<tstset", "<!doctype", "<doc")):
            return "sgml"
        return "captions" if _most(CAPTION_LINE.fullmatch(line) for line in lines) else "moses"
    latin = [_is_latin(line) for line in lines]
    if len(latin) > 1 and len(set(latin[::2])) == len(set(latin[1::2])) == 1 and latin[0] != latin[1]:
        return "alternating"
    found = repr(lines[0][:60]) if lines else "no lines"
    raise InputError(paths[0], found, "a layout that can be recognised", f"Set format: {', '.join(ONE_FILE)}.", 1)


def caption_format(path: str | Path) -> str:
    """The layout of captions: ``captions`` (lines), ``coco`` or ``ai_challenger``."""
    first = "".join(_first_lines(path)[:1])
    return {"{": "coco", "[": "ai_challenger"}.get(first[:1], "captions")


def caption_corpus_format(path: str | Path) -> str:
    """The layout of captions that need no images: one of `caption_format`, or ``text`` for one caption a line."""
    found = caption_format(path)
    marked = _most(CAPTION_LINE.fullmatch(line) for line in _first_lines(path))
    return "text" if found == "captions" and not marked else found


def _first_lines(path: str | Path) -> list[str]:
    """The first lines that are not blank, without white space around them."""
    lines = (line[:100_000].decode("utf-8", "replace").strip(" \r\n") for line in read_lines(path))
    return list(islice((line for line in lines if line), LOOKED_AT))


def _most(answers: Iterable[object]) -> bool:
    truths = [bool(answer) for answer in answers]
    return 2 * sum(truths) > len(truths)


def _is_latin(line: str) -> bool:
    letters = [letter for letter in line if letter.isalpha()]
    return 2 * sum(letter < "\u0250" for letter in letters) > len(letters)
