"""Reads references and generated captions for scoring."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.io.tables import read_table


def read_references(path: str | Path) -> dict[str, list[str]]:
    """Image id (as text) → its reference captions, from COCO captions JSON, in the file's order.

    Raises:
        InputError: not COCO captions JSON, or an image without a caption.
    """
    value = read_json(path)
    try:
        references: dict[str, list[str]] = {str(image["id"]): [] for image in value["images"]}
        for annotation in value["annotations"]:
            references[str(annotation["image_id"])].append(str(annotation["caption"]))
    except (KeyError, TypeError) as error:
        found = f"{type(error).__name__} {error}"
        raise InputError(path, found, "images [{id}] and annotations [{image_id, caption}] of these images") from None
    for image, captions in references.items():
        if not any(caption.strip() for caption in captions):
            raise InputError(path, "no caption", "at least one reference an image", record=f"image {image}")
    return references


def read_text_references(path: str | Path) -> dict[str, list[str]]:
    """Pair id → its one target sentence, words joined by spaces, of the held-out pairs of ``data/filtered/T``."""
    rows = read_table(path, ("id", "target_tokens", "split"))
    return {row["id"]: [" ".join(row["target_tokens"])] for row in rows if row["split"] == "test"}


def read_results(path: str | Path, known: dict[str, list[str]]) -> dict[str, str]:
    """Id → generated caption, from COCO results JSON.

    Raises:
        InputError: not COCO results JSON, an id twice, or an id that has no reference.
    """
    value: Any = read_json(path)
    if not isinstance(value, list):
        raise InputError(path, type(value).__name__, "a list of {image_id, caption}")
    captions: dict[str, str] = {}
    for number, entry in enumerate(value):
        record = f"entry {number}"
        if not isinstance(entry, dict) or "image_id" not in entry or not isinstance(entry.get("caption"), str):
            raise InputError(path, repr(entry)[:80], "{image_id, caption}", record=record)
        key = str(entry["image_id"])
        if key in captions:
            raise InputError(path, f"image_id {key} twice", "one caption an image", record=record)
        if key not in known:
            raise InputError(path, f"image_id {key}", "an image that has references", record=record)
        captions[key] = entry["caption"]
    return captions
