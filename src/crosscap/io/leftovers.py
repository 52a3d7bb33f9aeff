"""Temporaries that a killed run leaves behind: each is written down before it is made, the next run removes it.

The list is the file named by ``CROSSCAP_TEMPORARIES``, which `crosscap.runs.stage.run` sets, for worker processes too.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

VARIABLE = "CROSSCAP_TEMPORARIES"


def announce(temporary: Path) -> None:
    """Write down that ``temporary`` is about to be made. Without a running stage nobody keeps a list."""
    journal = os.environ.get(VARIABLE)
    if journal:
        with open(journal, "a", encoding="utf-8") as stream:
            stream.write(f"{temporary.absolute()}\n")


def sweep(journal: Path, root: Path = Path()) -> list[Path]:
    """Remove what the list names and still stands; then the list. Returns what was removed.

    Only for who knows that no process alive owns them: the holder of the stage's lock. A name that no temporary has
    (they start with a dot), or one outside ``root``, is left alone.
    """
    if not journal.is_file():
        return []
    removed = []
    for line in journal.read_text(encoding="utf-8", errors="replace").splitlines():
        path = Path(line)
        if not path.name.startswith(".") or root.resolve() not in path.parent.resolve().parents:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_symlink() or path.exists():
            path.unlink(missing_ok=True)
        else:
            continue
        removed.append(path)
    journal.unlink(missing_ok=True)
    return removed
