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
        InputError: not COCO captions JSON, a caption that is no text, or an image without a caption.
    """
    value: Any = _read(path)
    form = "COCO captions: {images: [{id}], annotations: [{image_id, caption}]}"
    if not isinstance(value, dict) or not all(isinstance(value.get(key), list) for key in ("images", "annotations")):
        keys = f" with {', '.join(map(repr, list(value)[:3]))}" if isinstance(value, dict) else ""
        raise InputError(path, f"{type(value).__name__}{keys}"[:80], form)
    references: dict[str, list[str]] = {}
    for number, image in enumerate(value["images"]):
        if not isinstance(image, dict) or "id" not in image:
            raise InputError(path, repr(image)[:80], "{id}", record=f"images, entry {number}")
        references[str(image["id"])] = []
    for number, entry in enumerate(value["annotations"]):
        key, caption = _entry(entry, path, f"annotations, entry {number}")
        if key not in references:
            found = f"a caption of image {key}, which images does not name"
            raise InputError(path, found, form, record=f"annotations, entry {number}")
        references[key].append(caption)
    for key, captions in references.items():
        if not any(caption.strip() for caption in captions):
            raise InputError(path, "no caption", "at least one reference an image", record=f"image {key}")
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
    value: Any = _read(path)
    entries = value.get("annotations") if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise InputError(path, type(value).__name__, "a list of {image_id, caption}, alone or as annotations")
    captions: dict[str, str] = {}
    for number, entry in enumerate(entries):
        record = f"entry {number}"
        key, caption = _entry(entry, path, record)
        if key in captions:
            raise InputError(path, f"image_id {key} twice", "one caption an image", record=record)
        if known is not None and key not in known:
            raise InputError(path, f"image_id {key}", "an image that has references", record=record)
        captions[key] = caption
    return captions


def _read(path: str | Path) -> Any:
    if Path(path).is_dir():
        raise InputError(path, "a folder", "a JSON file")
    return read_json(path)


def _entry(entry: Any, path: str | Path, record: str) -> tuple[str, str]:
    """Image id and caption of ``{image_id, caption}``; the caption is text, neither null nor a number."""
    if not isinstance(entry, dict) or "image_id" not in entry or not isinstance(entry.get("caption"), str):
        raise InputError(path, repr(entry)[:80], "{image_id, caption}, the caption as text", record=record)
    return str(entry["image_id"]), _text(entry["caption"], path, record)


def _text(caption: str, path: str | Path, record: str) -> str:
    """``caption``, which JSON may have filled with halves of characters that no program can write."""
    if not caption.isascii() and any("\ud800" <= letter <= "\udfff" for letter in caption):
        raise InputError(path, repr(caption)[:80], "text (a lone surrogate is none)", record=record)
    return caption
