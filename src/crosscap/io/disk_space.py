"""A full disk, in whatever words a library reports it, as one error that says what to do."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crosscap.errors import InputError

REASONS = {
    errno.ENOSPC: "a full disk",
    errno.EDQUOT: "a used-up disk quota",
    errno.EFBIG: "a file larger than the system allows (`ulimit -f`, or the file system's limit)",
}
# Libraries that write in C++ or Rust give the reason as text, NumPy only that it wrote less than it should.
_TEXTS = re.compile(
    rf"{os.strerror(errno.ENOSPC)}|os error {errno.ENOSPC}\b"
    rf"|(?P<quota>{os.strerror(errno.EDQUOT)}|os error {errno.EDQUOT}\b)"
    rf"|(?P<large>{os.strerror(errno.EFBIG)}|os error {errno.EFBIG}\b)|\d+ requested and \d+ written"
)
REMEDY = (
    "What was finished is kept, nothing half-written stays. "
    "Free space (`crosscap cache prune`, `dvc gc -w`) and start again."
)


def full_disk(error: BaseException, path: str | Path | None = None) -> InputError | None:
    """The error to show when ``error`` comes from a full disk, else None.

    Args:
        path: what was being written; None when only the error may know.
    """
    for cause in _causes(error):
        number = cause.errno if isinstance(cause, OSError) else None
        if number not in REASONS:
            number = _told_number(str(cause))
        if number is not None:
            place = Path(path) if path is not None else _place(cause)
            found = f"{REASONS[number]} with {_free(place)} left"
            return InputError(place, found, "room to write it", REMEDY)
    return None


def _told_number(text: str) -> int | None:
    match = _TEXTS.search(text)
    if match is None:
        return None
    return errno.EDQUOT if match["quota"] else errno.EFBIG if match["large"] else errno.ENOSPC


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _place(cause: BaseException) -> Path:
    """What the error names, else the fuller of the disks that a stage writes to."""
    if isinstance(cause, OSError) and isinstance(cause.filename, str):
        return Path(cause.filename)
    return min((Path(), Path(tempfile.gettempdir())), key=lambda place: shutil.disk_usage(place).free).absolute()


def _free(path: Path) -> str:
    existing = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    return f"{shutil.disk_usage(existing).free / 1e6:,.1f} MB"
