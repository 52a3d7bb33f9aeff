from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PIL import Image

from crosscap.collection.manifest import QUARANTINE, Manifest
from crosscap.collection.usable_pictures import usable_pictures
from crosscap.errors import InputError
from tests.vision.hostile_pictures import write_readable, write_unreadable

DAMAGED_LATER = {"truncated.jpg", "hollow.png"}  # their headers are whole


def test_each_file_of_a_hostile_folder_is_taken_upright_or_quarantined_with_its_reason(tmp_path: Path) -> None:
    pictures, raw = tmp_path / "pictures", tmp_path / "raw"
    pictures.mkdir()
    base = Image.radial_gradient("L").resize((64, 48)).convert("RGB")
    readable, unreadable = write_readable(pictures, base), write_unreadable(pictures, base)
    (pictures / "plain.png").write_bytes((pictures / "alpha.png").read_bytes())
    (pictures / os.fsdecode(b"two\nlines\xff.jpg")).write_bytes((pictures / "plain.jpg").read_bytes())
    (pictures / "notes.txt").write_text("not called like a picture")
    with Manifest(raw, "files") as manifest:
        taken = list(usable_pictures(pictures, manifest))
    records = [json.loads(line) for line in (raw / QUARANTINE).read_text().splitlines()]
    reasons = {record["file"]: record["reason"] for record in records}
    names = {path.name for path, _, _ in taken}
    assert names == {*readable, *DAMAGED_LATER} - {"animated.png", "animated.webp"}
    assert {(width, height) for _, width, height in taken} == {(64, 48)}
    for name, reason in unreadable.items():
        if name not in DAMAGED_LATER:
            assert reasons.pop(name) == f"no picture: found {reason}"
    assert reasons == {
        "animated.png": "unusable name: found two pictures animated, taken is animated.gif",
        "animated.webp": "unusable name: found two pictures animated, taken is animated.gif",
        "plain.png": "unusable name: found two pictures plain, taken is plain.jpg",
        "two\\nlines\\udcff.jpg": "unusable name: found bytes that are no UTF-8, or control characters",
    }


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with Manifest(tmp_path / "raw", "files") as manifest, pytest.raises(InputError, match="found no such folder"):
        list(usable_pictures(tmp_path / "none", manifest))
