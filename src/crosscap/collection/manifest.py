"""``data/raw/manifest.json``: what stands in the raw folder, where it comes from and under which licence.

Beside it ``quarantine/records.jsonl``: the records that were left out, one JSON a line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from crosscap.io.artifacts import sha256_of, write_json
from crosscap.text.source_file import Quarantined, SourceFile
from crosscap.vision.annotations.records import Counts

QUARANTINE = "quarantine/records.jsonl"


@dataclass
class Manifest:
    """Collects what is written to ``folder``; a context, as it holds the quarantine open.

    Attributes:
        scenes: ids of the scenes (for user files: of the images) behind the training text (``text``) and the pictures.
        images: image ids by split.
        inputs: what became of the records of each of the user's files.
        quarantined: records that were left out, by reason.
    """

    folder: Path
    source: str
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    scenes: dict[str, Sequence[str]] = field(default_factory=dict)
    images: dict[str, Sequence[int]] = field(default_factory=dict)
    inputs: list[dict[str, Any]] = field(default_factory=list)
    quarantined: Counter[str] = field(default_factory=Counter)
    _stream: TextIO | None = None

    def __enter__(self) -> Self:
        path = self.folder / QUARANTINE
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = open(path, "w", encoding="utf-8", newline="\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._stream is not None
        self._stream.close()

    def set_aside(self, record: Quarantined) -> None:
        """Enter a record that was left out."""
        assert self._stream is not None, "a manifest is a context"
        self.quarantined[record.reason.split(":")[0]] += 1
        self._stream.write(json.dumps(vars(record), ensure_ascii=False) + "\n")

    def add(self, path: Path, records: int, licences: Iterable[str] = (), origins: Iterable[str] = ()) -> None:
        """Enter a finished file; ``origins`` are the files it was made from."""
        self.files[path.relative_to(self.folder).as_posix()] = {
            "sha256": sha256_of(path),
            "records": records,
            "licence": "; ".join(dict.fromkeys(licences)),
            "origin": "; ".join(Path(origin).name for origin in dict.fromkeys(origins)),
        }

    def add_input(self, file: SourceFile, use: str, format: str, licence: str) -> None:
        """Enter a file of the user's that was read to its end."""
        counts = {"read": file.read, "kept": file.kept, "quarantined": file.quarantined}
        assert file.read == file.kept + file.quarantined + file.unselected, f"records of {file.path} were lost"
        self.inputs.append(
            {
                **{"path": str(file.path), "use": use, "format": format, "licence": licence, "sha256": file.sha256},
                **{"unit": file.unit, **counts, "unselected": file.unselected, "reasons": dict(file.reasons)},
            }
        )

    def add_checked_input(self, path: str, use: str, licence: str, records: int) -> None:
        """Enter a file of which every record must be right, such as a treebank."""
        self.add_whole_input(path, use, "", licence, sha256_of(path), "records", records)

    def add_whole_input(
        self, path: str, use: str, format: str, licence: str, sha256: str, unit: str, records: int
    ) -> None:
        """Enter a file or folder of which everything was taken."""
        self.inputs.append(
            {
                **{"path": path, "use": use, "format": format, "licence": licence, "sha256": sha256},
                **{"unit": unit, "read": records, "kept": records, "quarantined": 0, "unselected": 0},
                "reasons": {},
            }
        )

    def add_counts(
        self, path: str, use: str, format: str, licence: str, sha256: str, unit: str, counts: Counts
    ) -> None:
        """Enter what became of one kind of records, ``unit``, of a file or folder."""
        self.inputs.append(
            {
                **{"path": path, "use": use, "format": format, "licence": licence, "sha256": sha256, "unit": unit},
                **{**vars(counts), "reasons": dict(counts.reasons)},
            }
        )

    def write(self) -> None:
        """Write ``manifest.json``; nothing may be set aside any more."""
        assert self._stream is not None, "a manifest is a context"
        self._stream.close()
        self.add(self.folder / QUARANTINE, self.quarantined.total())
        write_json(self.folder / "manifest.json", self.as_json())

    def as_json(self) -> Mapping[str, Any]:
        return {
            "source": self.source,
            "files": self.files,
            "inputs": self.inputs,
            "scenes": {split: list(ids) for split, ids in self.scenes.items()},
            "images": {split: list(ids) for split, ids in self.images.items()},
            "quarantined": dict(self.quarantined),
        }
