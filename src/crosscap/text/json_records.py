"""Pairs from JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from crosscap.text.parallel import Pair, kept_pair
from crosscap.text.source_file import SourceFile

_ERRORS = (json.JSONDecodeError, RecursionError, ValueError)  # ValueError: an integer of more than 4300 digits


def read_json_lines(file: SourceFile, keys: Sequence[str]) -> Iterator[Pair]:
    """One object a line, such as translation2019zh's ``{"english": "A dog.", "chinese": "一只狗。"}``.

    Args:
        keys: of the source's and of the target's text; ``translation.en`` is a key inside a key.

    Raises:
        InputError: the file is not UTF-8, or most lines are no such objects.
    """
    for number, line in enumerate(file.lines(), 1):
        file.read += 1
        text = file.text(number, line)
        if text is None:
            continue
        try:
            record = json.loads(text)
        except _ERRORS:
            written = bool(text.strip())
            file.set_aside(number, "no JSON" if written else "empty line", text, malformed=written)
            continue
        values = [_value(record, key) for key in keys]
        missing = next((key for key, value in zip(keys, values, strict=True) if not isinstance(value, str)), None)
        if missing is not None:
            file.set_aside(number, f"no text of the key: {missing}", text, malformed=True)
        elif pair := kept_pair(file, number, *values):
            yield pair
    file.finish()


def _value(record: Any, key: str) -> Any:
    for part in (key,) if isinstance(record, dict) and key in record else key.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record
