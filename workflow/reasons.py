"""Why a stage would run, in words: ``phase2.steps 400 → 500``, ``text/rules.py +3 −1``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from workflow.code_history import CodeHistory
from workflow.digests import MISSING
from workflow.records import Change

LONGEST = 40  # letters of a value
PACKAGE = "src/crosscap/"  # left out: every line would begin with it


def reasons(change: Change, history: CodeHistory) -> Iterator[str]:
    """One text for a change, or one for each key of a parameter that is a mapping."""
    if change.kind == "parameter":
        yield from _parameter(change.name, change.old, change.new)
    elif change.kind == "command":
        yield f"command {_cut(change.old)} → {_cut(change.new)}"
    elif change.kind == "code":
        yield f"{change.name.removeprefix(PACKAGE)} {_code(change, history)}"
    elif change.kind in ("input", "output"):
        yield f"{change.kind} {change.name} {_data(change)}"


def _parameter(name: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            if old.get(key) != new.get(key):
                yield from _parameter(f"{name}.{key}", old.get(key), new.get(key))
    else:
        yield f"{name} {_value(old)} → {_value(new)}"


def _code(change: Change, history: CodeHistory) -> str:
    if change.old is None:
        return "newly used"
    if change.new is None:
        return "no longer used"
    if change.new == MISSING:
        return "is missing"
    diff = history.diff(change.name, change.old)
    if diff is None:
        return "changed"
    added = sum(line.startswith("+") for line in diff[2:])
    removed = sum(line.startswith("-") for line in diff[2:])
    return f"+{added} −{removed}"


def _data(change: Change) -> str:
    if change.new == MISSING:
        return "is missing"
    if change.old is None or change.old == MISSING:
        return "is new"
    return "no longer declared" if change.new is None else "changed"


def _value(value: Any) -> str:
    return "unset" if value is None else _cut(value if isinstance(value, str) else json.dumps(value, default=str))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2 - 1]}…{text[-LONGEST // 2 :]}"
