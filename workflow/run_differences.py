"""What differs between two runs by what ``dvc.lock`` recorded of them and of all that they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any, TypeVar

from workflow.code_history import CodeHistory
from workflow.dag import Producers, Stage
from workflow.reasons import PACKAGE, reasons
from workflow.records import CODE, Change, Record

K = TypeVar("K")


@dataclass(frozen=True)
class RunDifferences:
    """What differs, in words, from the first run to the second.

    Attributes:
        stages: kinds of stages that only one of them came from.
        parameters: ``phase2.steps 400 → 500``.
        code: ``systems/unison/phase2.py +3 −1``.
        data: files and folders that both read or wrote, with other content.
    """

    stages: tuple[str, ...]
    parameters: tuple[str, ...]
    code: tuple[str, ...]
    data: tuple[str, ...]


def run_differences(
    root: Path, first: tuple[Mapping[str, Record], str], second: tuple[Mapping[str, Record], str]
) -> RunDifferences:
    """Compare two runs, each given by a lock file and the stage that wrote its scores."""
    ours, theirs = (_upstream(lock, stage) for lock, stage in (first, second))
    code, other_code = _code(ours), _code(theirs)
    versions = {p: (code.get(p), other_code.get(p)) for p in {**code, **other_code} if code.get(p) != other_code.get(p)}
    history = CodeHistory(root, [(path, md5) for path, both in versions.items() for md5 in both if md5 is not None])
    parameters = _in_both(_parameters(ours), _parameters(theirs))
    changes = [Change("parameter", key, old, new) for (_, key), (old, new) in parameters.items()]
    return RunDifferences(
        (*_only(ours, theirs, "first"), *_only(theirs, ours, "second")),
        tuple(dict.fromkeys(text for change in changes for text in reasons(change, history))),
        tuple(f"{path.removeprefix(PACKAGE)} {_lines(path, *both, history)}" for path, both in versions.items()),
        tuple(_in_both(_data(ours, first[1]), _data(theirs, second[1]))),
    )


def _only(records: Mapping[str, Record], others: Mapping[str, Record], whose: str) -> Iterator[str]:
    kinds, known = ([name.partition("@")[0] for name in side] for side in (records, others))
    yield from (f"{kind} (only the {whose})" for kind in dict.fromkeys(kinds) if kind not in known)


def _lines(path: str, old: str | None, new: str | None, history: CodeHistory) -> str:
    """How much of a code file differs between two versions, as `git diff --stat` counts it."""
    if old is None or new is None:
        return "only the second used it" if old is None else "only the first used it"
    texts = [_text(path, md5, history) for md5 in (old, new)]
    if None in texts:
        return "changed"
    lines = [(text or b"").decode("utf-8", errors="replace").splitlines() for text in texts]
    diff = list(unified_diff(*lines, lineterm=""))[2:]
    return f"+{sum(line.startswith('+') for line in diff)} −{sum(line.startswith('-') for line in diff)}"


def _text(path: str, md5: str, history: CodeHistory) -> bytes | None:
    """Those bytes of a code file, from git, the copies that stages keep, or as the file stands."""
    current = history.current(path)
    if current is not None and hashlib.md5(current, usedforsecurity=False).hexdigest() == md5:
        return current
    return history.text(path, md5)


def _upstream(lock: Mapping[str, Record], stage: str) -> dict[str, Record]:
    """The stage and all that it came from, what ran first before what came from it."""
    producers = Producers(
        Stage(name, record.command, tuple(record.inputs), tuple(record.outputs), record.parameters)
        for name, record in lock.items()
    )
    reached: dict[str, Record] = {}
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name not in seen:
            seen.add(name)
            for path in lock[name].inputs:
                for other in producers.of(path):
                    visit(other)
            reached[name] = lock[name]

    visit(stage)
    return reached


def _parameters(records: Mapping[str, Record]) -> dict[tuple[str, str], Any]:
    """Kind of stage and key → value: a stage that did not run again still has what it ran with."""
    return {
        (name.partition("@")[0], key): value
        for name, record in records.items()
        for key, value in record.parameters.items()
    }


def _code(records: Mapping[str, Record]) -> dict[str, str]:
    return dict(_inputs(records, code=True))


def _data(records: Mapping[str, Record], last: str) -> dict[str, str]:
    """What was read and made on the way to the last stage; what that one made is what is compared."""
    made = {path: md5 for name, record in records.items() if name != last for path, md5 in record.outputs.items()}
    return dict(_inputs(records, code=False)) | made


def _inputs(records: Mapping[str, Record], code: bool) -> Iterator[tuple[str, str]]:
    for record in records.values():
        yield from ((path, md5) for path, md5 in record.inputs.items() if path.startswith(CODE) == code)


def _in_both(first: Mapping[K, Any], second: Mapping[K, Any]) -> dict[K, tuple[Any, Any]]:
    """What both have, with other values."""
    return {key: (first[key], second[key]) for key in first if key in second and first[key] != second[key]}
