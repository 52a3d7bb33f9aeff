"""Lists of class and attribute names, such as Visual Genome's ``objects_vocab.txt`` of bottom-up attention."""

from __future__ import annotations

from pathlib import Path

from crosscap.errors import InputError
from crosscap.text.lines import read_text_lines

_NO_NAMES = ("__background__", "__no_attribute__")


def read_names(path: str | Path) -> tuple[str, ...]:
    """One name a line, lowercase; of synonyms joined by commas (``tennis racket,racket``) the first.

    A first line for the background or for no attribute is left out: ids count from the name after it.

    Raises:
        InputError: missing, not UTF-8, without names, or with an empty line between names.
    """
    lines = [(number, line.split(",")[0].strip().lower()) for number, line in read_text_lines(path)]
    while lines and not lines[-1][1]:
        lines.pop()
    if lines and lines[0][1] in _NO_NAMES:
        lines = lines[1:]
    if not lines:
        raise InputError(path, "no names", "one name a line")
    for number, name in lines:
        if not name:
            raise InputError(path, "an empty line", "one name a line, as the ids are line numbers", record=number)
    return tuple(name for _, name in lines)
