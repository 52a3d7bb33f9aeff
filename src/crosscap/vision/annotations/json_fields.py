"""Fields of JSON records that may be anything."""

from __future__ import annotations

from typing import Any


def integers(record: Any, *keys: str) -> tuple[int, ...] | None:
    """The whole numbers below ``keys``; None if one is absent or something else."""
    values = [record.get(key) for key in keys] if isinstance(record, dict) else [None]
    numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    return tuple(numbers) if len(numbers) == len(values) else None


def list_of(record: Any, key: str) -> list[Any]:
    """The list below ``key``, empty if it is absent, null or something else."""
    values = record.get(key) if isinstance(record, dict) else None
    return values if isinstance(values, list) else []


def corners(values: Any) -> tuple[Any, ...]:
    """A box ``x, y, width, height`` as ``x0, y0, x1, y1``; what is no four numbers is left for the draft to refuse."""
    if not isinstance(values, list | tuple) or len(values) != 4:
        return ()
    if not all(isinstance(value, int | float) for value in values):
        return tuple(values)
    x, y, width, height = values
    try:
        return x, y, x + width, y + height
    except OverflowError:  # a float and a whole number of hundreds of digits
        return ()
