"""How a user names what shall be compared: ``hgm``, ``hgm/without_phase2``, ``v1.0:hgm/text``, ``results.json``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SETS = ("with_phase2", "without_phase2", "gold_graphs", "text")
Kind = Literal["run", "commit", "results", "table"]


@dataclass(frozen=True)
class RunWord:
    """One RUN of the command line.

    Attributes:
        kind: ``run``, scored in this project; ``commit``, as a commit had it; ``results``, a COCO results file;
            ``table``, a score table.
        name: of the run, or of the file.
        sentences: which of its sets.
        commit: as the user wrote it; empty but for kind ``commit``.
    """

    kind: Kind
    name: str
    sentences: str | None = None
    commit: str = ""

    @classmethod
    def parse(cls, word: str) -> RunWord:
        """Read a word. A file that is there is that file, whatever else its name could mean."""
        name, _, last = word.rpartition("/")
        sentences = last if last in SETS and name and not Path(word).exists() else None
        name = name if sentences else word
        if Path(name).is_file() or Path(name).suffix in (".json", ".parquet"):
            return cls("table" if Path(name).suffix == ".parquet" else "results", name, sentences)
        commit, colon, run = name.rpartition(":")
        return cls("commit", run, sentences, commit) if colon else cls("run", name, sentences)

    def __str__(self) -> str:
        place = f"{self.commit}:{self.name}" if self.commit else self.name
        return f"{place}/{self.sentences}" if self.sentences else place
