"""The bilingual word list of ``data/raw/lexicon``: ``source<TAB>target<TAB>train|test`` a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from crosscap.errors import InputError


class Entry(NamedTuple):
    source: str
    target: str
    part: str


def read_lexicon(path: str | Path) -> list[Entry]:
    """Every line in order.

    Raises:
        InputError: no such file, not UTF-8, or a line without two words and ``train`` or ``test``.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise InputError(path, "no such file", "a bilingual word list") from None
    except UnicodeDecodeError as error:
        raise InputError(path, f"byte {error.object[error.start]:#04x} at {error.start}", "UTF-8 text") from None
    entries = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        fields = line.rstrip("\r").split("\t")
        if len(fields) != 3 or not fields[0] or not fields[1] or fields[2] not in ("train", "test"):
            raise InputError(path, repr(line), "source<TAB>target<TAB>train|test", record=number)
        entries.append(Entry(*fields))
    return entries


def rows_of(
    entries: Iterable[Entry], part: str, source_rows: Mapping[str, int], target_rows: Mapping[str, int]
) -> dict[int, set[int]]:
    """Translations of ``part`` as rows: ``{source row: {target rows}}``, where both words have a vector."""
    found: dict[int, set[int]] = {}
    for entry in entries:
        if entry.part == part and entry.source in source_rows and entry.target in target_rows:
            found.setdefault(source_rows[entry.source], set()).add(target_rows[entry.target])
    return found
