"""Gold boxes, attributes and relations in COCO form (``instances_<split>.json`` of docs/contracts.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json

SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class AnnotatedImage:
    """One picture and what is in it.

    Attributes:
        id: COCO image id.
        file_name: name below the split's folder.
        width, height: pixels.
        boxes: [N, 4] float32, ``x0, y0, x1, y1`` in pixels.
        labels: [N] int64, index into `Annotations.classes`.
        attributes: N tuples of attribute names.
        relations: ``(subject row, predicate, object row)``.
    """

    id: int
    file_name: str
    width: int
    height: int
    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    attributes: tuple[tuple[str, ...], ...]
    relations: tuple[tuple[int, str, int], ...]


@dataclass(frozen=True)
class Annotations:
    """A split: its pictures, and the names that labels, attributes and relations are drawn from."""

    images: tuple[AnnotatedImage, ...]
    classes: tuple[str, ...]
    attributes: tuple[str, ...]
    predicates: tuple[str, ...]


def read_annotations(path: str | Path) -> Annotations:
    """Read and check a split.

    Raises:
        InputError: a key is missing, an id is unknown or used twice, a box is empty or leaves its picture by more
            than a pixel, or an attribute or predicate is not in its list.
    """
    path = Path(path)
    data = read_json(path)
    if not isinstance(data, dict) or not isinstance(data.get("images"), list):
        raise InputError(path, "no list 'images'", "COCO instances: images, categories, annotations")
    try:
        return _parse(path, data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        missing = isinstance(error, KeyError)
        found = f"an entry without the key {error}" if missing else f"an entry of another form ({error})"
        raise InputError(path, found, "COCO instances as in docs/contracts.md") from None


def _parse(path: Path, data: dict[str, Any]) -> Annotations:
    categories = sorted(data.get("categories", []), key=lambda category: category["id"])
    class_rows = {category["id"]: row for row, category in enumerate(categories)}
    attributes, predicates = tuple(data.get("attributes", ())), tuple(data.get("predicates", ()))
    grouped: dict[int, list[dict[str, Any]]] = {}
    sizes: dict[int, tuple[int, int]] = {}
    for image in data["images"]:
        if image["id"] in grouped:
            raise InputError(path, "the same image id twice", "ids that are used once", record=f"image {image['id']}")
        grouped[image["id"]] = []
        sizes[image["id"]] = image["width"], image["height"]
    rows: dict[int, tuple[int, int]] = {}
    for annotation in data.get("annotations", []):
        record = f"annotation {annotation['id']}"
        _check(path, record, annotation, sizes, class_rows, attributes)
        if annotation["id"] in rows:
            raise InputError(path, "the same annotation id twice", "ids that are used once", record=record)
        members = grouped[annotation["image_id"]]
        rows[annotation["id"]] = annotation["image_id"], len(members)
        members.append(annotation)
    relations = _relations(path, data.get("relations", []), rows, predicates)
    return Annotations(
        tuple(_image(image, grouped[image["id"]], class_rows, relations) for image in data["images"]),
        tuple(category["name"] for category in categories),
        attributes,
        predicates,
    )


def _check(
    path: Path,
    record: str,
    annotation: dict[str, Any],
    sizes: Mapping[int, tuple[int, int]],
    class_rows: Mapping[int, int],
    attributes: tuple[str, ...],
) -> None:
    if annotation["image_id"] not in sizes:
        raise InputError(path, f"image_id {annotation['image_id']}", "the id of an image in 'images'", record=record)
    if annotation["category_id"] not in class_rows:
        found = f"category_id {annotation['category_id']}"
        raise InputError(path, found, "the id of a category in 'categories'", record=record)
    x, y, width, height = annotation["bbox"]
    outer_width, outer_height = sizes[annotation["image_id"]]
    if not (width > 0 and height > 0):
        raise InputError(path, f"the box {annotation['bbox']}", "a width and a height above 0", record=record)
    if x < -1 or y < -1 or x + width > outer_width + 1 or y + height > outer_height + 1:
        expected = f"a box x, y, width, height inside {outer_width} x {outer_height} pixels"
        raise InputError(path, f"the box {annotation['bbox']}", expected, record=record)
    for name in annotation.get("attributes", ()):
        if name not in attributes:
            raise InputError(path, f"attribute {name!r}", "a name of the list 'attributes'", record=record)


def _relations(
    path: Path, entries: list[dict[str, Any]], rows: Mapping[int, tuple[int, int]], predicates: tuple[str, ...]
) -> dict[int, list[tuple[int, str, int]]]:
    relations: dict[int, list[tuple[int, str, int]]] = {}
    for number, entry in enumerate(entries):
        record = f"relation {number}"
        ends = [rows.get(entry["subject_id"]), rows.get(entry["object_id"])]
        if any(end is None or end[0] != entry["image_id"] for end in ends):
            found = f"subject_id {entry['subject_id']}, object_id {entry['object_id']}"
            raise InputError(path, found, f"annotation ids of image {entry['image_id']}", record=record)
        if entry["predicate"] not in predicates:
            found = f"predicate {entry['predicate']!r}"
            raise InputError(path, found, "a name of the list 'predicates'", record=record)
        subject, other = (end[1] for end in ends if end is not None)
        relations.setdefault(entry["image_id"], []).append((subject, entry["predicate"], other))
    return relations


def _image(
    image: dict[str, Any],
    members: list[dict[str, Any]],
    class_rows: Mapping[int, int],
    relations: Mapping[int, list[tuple[int, str, int]]],
) -> AnnotatedImage:
    boxes = np.array([member["bbox"] for member in members], dtype=np.float32).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    np.clip(boxes, 0, (image["width"], image["height"]) * 2, out=boxes)
    return AnnotatedImage(
        id=image["id"],
        file_name=image["file_name"],
        width=image["width"],
        height=image["height"],
        boxes=boxes,
        labels=np.array([class_rows[member["category_id"]] for member in members], dtype=np.int64),
        attributes=tuple(tuple(member.get("attributes", ())) for member in members),
        relations=tuple(relations.get(image["id"], ())),
    )
