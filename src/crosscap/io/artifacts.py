"""Artifacts that are whole or absent: every write goes to a temporary name and is renamed."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.io.disk_space import full_disk
from crosscap.io.leftovers import announce

MANY = 100  # files; waiting for the whole disk once is then quicker than waiting 2 ms for each


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a temporary name beside ``path``; rename it to ``path`` when the block ends without an error.

    Raises:
        InputError: the disk is full. What stood at ``path`` still stands.
    """
    path = Path(path)
    with _no_full_disk(path):
        temporary = _temporary_name(path)
        try:
            temporary.touch()
            yield temporary
            temporary.chmod(0o644)
            _settle(temporary)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def atomic_directory(path: str | Path) -> Iterator[Path]:
    """Yield an empty folder beside ``path`` that takes the place of ``path`` when the block ends without an error.

    Raises:
        InputError: the disk is full. What stood at ``path`` still stands.
    """
    path = Path(path)
    with _no_full_disk(path), temporary_directory(path) as temporary:
        yield temporary
        temporary.chmod(0o755)
        files = [file for file in temporary.rglob("*") if file.is_file()]
        if len(files) > MANY:
            os.sync()
        else:
            for file in files:
                _settle(file)
        if path.exists():
            # Renamed before it is removed: a kill in between leaves no half-removed folder under this name.
            with temporary_directory(path) as old:
                os.replace(path, old)
                os.replace(temporary, path)
        else:
            os.replace(temporary, path)


@contextmanager
def temporary_directory(path: str | Path) -> Iterator[Path]:
    """Yield an empty folder beside ``path``, removed in the end; if this run is killed, by the stage's next one."""
    folder = _temporary_name(Path(path))
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _temporary_name(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{path.suffix}")
    announce(temporary)
    return temporary


def _settle(file: Path) -> None:
    """Wait until the file's bytes are on the disk: after a power cut a rename may stand before what it renamed."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _no_full_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        full = full_disk(error, path)
        if full is not None:
            raise full from error
        raise


def write_text(path: str | Path, text: str) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: str | Path, value: Any) -> None:
    """Write JSON that is the same bytes for the same value: sorted keys, UTF-8, a final newline."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n")


def read_json(path: str | Path) -> Any:
    """A JSON file as people write it: UTF-8, with or without a byte order mark.

    Raises:
        InputError: the file is missing, no UTF-8 or no JSON; with the line where reading stopped.
    """
    path = Path(path)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(path, "no such file", "a JSON file") from None
    except UnicodeDecodeError as error:
        raise InputError(path, f"byte {error.object[error.start]:#04x} at {error.start}", "UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise InputError(path, f"{error.msg} at column {error.colno}", "valid JSON", record=error.lineno) from None
    except (RecursionError, ValueError) as error:  # nested, or a number, without end
        raise InputError(path, str(error), "JSON as people write it") from None


def write_lines(path: str | Path, lines: Iterable[str]) -> None:
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8", newline="\n") as stream:
        for line in lines:
            stream.write(line + "\n")


def sha256_of(path: str | Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
