"""``models/detector`` where features are imported: the names of what was detected and their width, and no weights."""

from __future__ import annotations

from pathlib import Path

from safetensors.numpy import save_file

from crosscap.io.artifacts import read_json
from crosscap.vision.detectors.store import CARD, IMPORTED, WEIGHTS, write_card
from crosscap.vision.imported_features.source import FeatureSource


def save_stand_in(folder: Path, source: FeatureSource, feature_size: int) -> None:
    """Write into the existing ``folder`` what stands for a detector."""
    save_file({}, folder / WEIGHTS)
    names = {"classes": source.classes, "attributes": source.attributes}
    write_card(folder, {"backend": IMPORTED, **names, "feature_size": feature_size, "scores": {}})


def is_stand_in(folder: str | Path) -> bool:
    """Whether `save_stand_in` wrote ``folder``."""
    return read_json(Path(folder) / CARD).get("backend") == IMPORTED
