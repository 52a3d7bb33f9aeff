"""Record that code changed without changing what it does, so that neither engine runs its stages again for it.

A stage's results may be declared fresh only if nothing else changed since it ran: the command, the parameters, the data
it read and the data it wrote are compared with ``dvc.lock`` before DVC writes it, and again after.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from crosscap.incremental.identity import syntax_digest
from crosscap.io.file_lock import FileLock
from crosscap.runs.code_copies import keep_code
from crosscap.runs.engine_lock import PATH, EngineBusy
from workflow.code_history import CodeHistory
from workflow.dag import load_stages
from workflow.digests import MISSING, Digests
from workflow.dvc_commit import commit_stages
from workflow.keys import stage_keys
from workflow.reasons import reasons
from workflow.records import Change, Record, changes, read_lock
from workflow.stamps import refresh_stamps

LOCK = "dvc.lock"


@dataclass(frozen=True)
class Plan:
    """What could be accepted.

    Attributes:
        files: stage → its changed code files; each does what it did.
        refused: stage → why its change is more than that.
        diffs: changed file and its digest when a stage ran → the lines of a unified diff.
    """

    files: Mapping[str, tuple[Change, ...]]
    refused: Mapping[str, tuple[str, ...]]
    diffs: Mapping[tuple[str, str], list[str]] = field(default_factory=dict)


def plan(root: Path, names: Collection[str] = ()) -> Plan:
    """Look at the stages ``names``, or at every stage whose code changed. Nothing is written but remembered digests."""
    stages, digests, lock = load_stages(root), Digests(root), read_lock(root)
    found: dict[str, list[Change]] = {}
    for name in names or lock:
        if name in stages:
            differences = changes(stages[name], lock.get(name), digests)
            if differences and (names or any(change.kind == "code" for change in differences)):
                found[name] = differences
    digests.save()
    versions = {(c.name, c.old) for listed in found.values() for c in listed if c.kind == "code" and c.old is not None}
    history = CodeHistory(root, versions)
    objections = {version: _objection(*version, history) for version in versions}
    files, refused = {}, {}
    for name, differences in found.items():
        against = [text for change in differences for text in _against(change, objections, history)]
        if against:
            refused[name] = tuple(dict.fromkeys(against))
        else:
            files[name] = tuple(differences)
    diffs = {
        (change.name, change.old): history.diff(change.name, change.old) or []
        for name in files
        for change in files[name]
    }
    return Plan(files, refused, diffs)


def record(root: Path, accepted: Plan) -> set[str]:
    """Write ``accepted`` into ``dvc.lock`` and the stamps of Snakemake. Returns the stages that are fresh now.

    Raises:
        EngineBusy: a stage or Snakemake runs.
        RuntimeError: something changed since ``accepted`` was made, or DVC could not write; nothing is recorded then.
    """
    guard = FileLock(root / PATH)
    if not guard.acquire("crosscap accept", wait=False):
        raise EngineBusy(guard.path, guard.holder())
    try:
        if accepted.refused or plan(root, list(accepted.files)) != accepted:
            raise RuntimeError("files changed while you looked at the differences; start again")
        _record_in_dvc(root, accepted)
        stages, digests = load_stages(root), Digests(root)
        for name in accepted.files:  # the version to compare the next change with
            for script in shlex.split(stages[name].command)[1:2]:
                keep_code(script, root)
        fresh = refresh_stamps(stages, stage_keys(stages, digests), digests)
        digests.save()
        return fresh
    finally:
        guard.release()


def _against(change: Change, objections: Mapping[tuple[str, str], str | None], history: CodeHistory) -> list[str]:
    if change.kind == "never run":
        return [f"{LOCK} holds no run of it"]
    if change.kind != "code" or change.old is None or change.new in (None, MISSING):
        return list(reasons(change, history))
    objection = objections[change.name, change.old]
    return [] if objection is None else [f"{next(reasons(change, history))}: {objection}"]


def _objection(path: str, md5: str, history: CodeHistory) -> str | None:
    """Why the file may do something else than that version of it did; None when it does not."""
    old, new = history.text(path, md5), history.current(path)
    if old is None:
        return "what it said when the stage ran is not known"
    if new is None:
        return "it cannot be read"
    if not path.endswith(".py"):
        return "it is not Python"
    try:
        same = syntax_digest(old, path) == syntax_digest(new, path)
    except (SyntaxError, ValueError) as error:
        return f"it is not valid Python ({error})"
    return None if same else "its code changed, not only comments and docstrings"


def _record_in_dvc(root: Path, accepted: Plan) -> None:
    from dvc.exceptions import DvcException  # slow to import

    path = root / LOCK
    before, text = read_lock(root), path.read_bytes()
    expected = {name: _expected(before[name], files) for name, files in accepted.files.items()}
    try:
        commit_stages(accepted.files, root)
        after = read_lock(root)
        if any(after.get(name) != entry for name, entry in (before | expected).items()):
            raise RuntimeError(f"what DVC wrote into {LOCK} is not what was accepted")
    except (DvcException, RuntimeError, OSError) as error:
        _restore(path, text)
        raise RuntimeError(f"nothing is recorded: {error}") from error
    except BaseException:
        _restore(path, text)
        raise


def _expected(old: Record, files: Collection[Change]) -> Record:
    """The stage's record with the new digests of ``files``, and all else as it was."""
    return replace(old, inputs={**old.inputs, **{change.name: change.new for change in files}})


def _restore(path: Path, text: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(text)
    os.replace(temporary, path)
