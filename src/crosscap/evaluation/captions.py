"""Reads references and generated captions for scoring."""

from __future__ import annotations

from collections.abc import Container
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
            image = str(annotation["image_id"])
            references[image].append(_text(str(annotation["caption"]), path, f"image {image}"))
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


def read_results(path: str | Path, known: Container[str] | None = None) -> dict[str, str]:
    """Id → generated caption, from COCO results JSON (a list of ``{image_id, caption}``), or from COCO captions JSON
    (such a list as ``annotations``) with one caption an image.

    Args:
        known: ids that have references; None: any id may stand there.

    Raises:
        InputError: not such JSON, an id twice, or an id that is not ``known``.
    """
    value: Any = read_json(path)
    entries = value.get("annotations") if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise InputError(path, type(value).__name__, "a list of {image_id, caption}, alone or as annotations")
    captions: dict[str, str] = {}
    for number, entry in enumerate(entries):
        record = f"entry {number}"
        if not isinstance(entry, dict) or "image_id" not in entry or not isinstance(entry.get("caption"), str):
            raise InputError(path, repr(entry)[:80], "{image_id, caption}", record=record)
        key = str(entry["image_id"])
        if key in captions:
            raise InputError(path, f"image_id {key} twice", "one caption an image", record=record)
        if known is not None and key not in known:
            raise InputError(path, f"image_id {key}", "an image that has references", record=record)
        captions[key] = _text(entry["caption"], path, record)
    return captions


def _text(caption: str, path: str | Path, record: str) -> str:
    """``caption``, which JSON may have filled with halves of characters that no program can write."""
    if not caption.isascii() and any("\ud800" <= letter <= "\udfff" for letter in caption):
        raise InputError(path, repr(caption)[:80], "text (a lone surrogate is none)", record=record)
    return caption
