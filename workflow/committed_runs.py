"""Scores of a run as a commit had them: ``dvc.lock`` of the commit names them, DVC's cache holds them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from crosscap.errors import InputError
from workflow.digests import Digests
from workflow.records import Record, parse_lock

LOCK = "dvc.lock"


def commit_of(root: Path, name: str) -> str:
    """The full hash of a commit, tag, branch or any other name that git knows for a commit.

    Raises:
        InputError: git knows none, or there is no git.
    """
    answer = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if answer is None:
        raise InputError(root, f"no commit {name!r}", "a commit, tag or branch of this repository", "See `git log`.")
    return answer.decode().strip()


def lock_of(root: Path, commit: str) -> dict[str, Record]:
    """The records in the commit's ``dvc.lock``, by stage name.

    Raises:
        InputError: the commit has none, or one that DVC did not write.
    """
    text = _git(root, "show", f"{commit}:./{LOCK}")
    place = f"{commit[:10]}:{LOCK}"
    if text is None:
        raise InputError(place, "no such file", f"a commit that has {LOCK}", "`git log -- dvc.lock` lists them.")
    try:
        return parse_lock(text)
    except ValueError as error:
        raise InputError(place, str(error), "a lock file of DVC") from None


def writer_of(lock: Mapping[str, Record], path: str) -> str | None:
    """The stage that wrote ``path``."""
    return next((name for name, record in lock.items() if path in record.outputs), None)


def kept_file(root: Path, lock: Mapping[str, Record], path: str, place: str) -> Path:
    """Where the bytes lie that ``path`` had when ``lock`` was written; to be read alone.

    Args:
        place: what messages call the lock file.

    Raises:
        InputError: no stage of the lock wrote ``path``, or nobody kept the bytes.
    """
    stage = writer_of(lock, path)
    if stage is None:
        folder, suffix = f"{Path(path).parent}/", Path(path).suffix
        written = (name for record in lock.values() for name in record.outputs)
        others = sorted(name for name in written if name.startswith(folder) and name.endswith(suffix))
        raise InputError(place, f"no {path}", "the scores of a run", f"There are {', '.join(others) or 'none'}.")
    digest = lock[stage].outputs[path]
    if Digests(root)[path] == digest:
        return root / path
    from dvc.repo import Repo  # slow to import

    with Repo(str(root)) as repository:
        kept = Path(repository.cache.local.oid_to_path(digest))
    if not kept.is_file():
        remedy = (
            "`dvc fetch --all-commits` brings what a remote has; else run that commit in a folder of its own: "
            f"`git worktree add`, `dvc repro {stage}`."
        )
        raise InputError(f"{place}, {path}", "scores that are not in DVC's cache", f"the file {kept}", remedy)
    return kept


def _git(root: Path, *words: str) -> bytes | None:
    try:
        return subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
