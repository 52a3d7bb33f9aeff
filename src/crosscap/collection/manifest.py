"""``data/raw/manifest.json``: what stands in the raw folder, where it comes from and under which licence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crosscap.io.artifacts import sha256_of, write_json
from crosscap.text.lines import Quarantined


@dataclass
class Manifest:
    """Collects what is written to ``folder``.

    Attributes:
        scenes: ids of the scenes (for user files: of the images) behind the training text (``text``) and the pictures.
        images: image ids by split.
        quarantined: records that were left out.
    """

    folder: Path
    source: str
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    scenes: dict[str, Sequence[str]] = field(default_factory=dict)
    images: dict[str, Sequence[int]] = field(default_factory=dict)
    quarantined: list[Quarantined] = field(default_factory=list)

    def add(self, path: Path, records: int, licences: Iterable[str] = (), origins: Iterable[str] = ()) -> None:
        """Enter a finished file; ``origins`` are the files it was made from."""
        self.files[path.relative_to(self.folder).as_posix()] = {
            "sha256": sha256_of(path),
            "records": records,
            "licence": "; ".join(dict.fromkeys(licences)),
            "origin": "; ".join(Path(origin).name for origin in dict.fromkeys(origins)),
        }

    def write(self) -> None:
        """Write ``manifest.json``."""
        write_json(self.folder / "manifest.json", self.as_json())

    def as_json(self) -> Mapping[str, Any]:
        return {
            "source": self.source,
            "files": self.files,
            "scenes": {split: list(ids) for split, ids in self.scenes.items()},
            "images": {split: list(ids) for split, ids in self.images.items()},
            "quarantined": [asdict(record) for record in self.quarantined],
        }
