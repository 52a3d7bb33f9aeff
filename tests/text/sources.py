"""Files for readers, and what became of them."""

from __future__ import annotations

from pathlib import Path

from crosscap.text.source_file import Quarantined, SourceFile


class Sources:
    """Source files that share a quarantine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.quarantine = folder, list[Quarantined]()

    def file(self, name: str, content: str | bytes | None = None, newline: str = "\n") -> SourceFile:
        """A file of ``content``; None takes the one that is there."""
        if content is not None:
            data = content.replace("\n", newline).encode() if isinstance(content, str) else content
            (self.folder / name).write_bytes(data)
        return SourceFile(self.folder / name, self.quarantine.append)


def counts(file: SourceFile) -> tuple[int, int, int, int]:
    """``read, kept, quarantined, unselected``"""
    return file.read, file.kept, file.quarantined, file.unselected
