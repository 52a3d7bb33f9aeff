"""Gold boxes, attributes and relations in COCO form (``instances_<split>.json`` of docs/contracts.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_path, read_json

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
            than a pixel, an attribute or predicate is not in its list, or a picture lies outside of its folder.
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
        name = Path(image["file_name"])
        if name.is_absolute() or ".." in name.parts:
            found = f"the file_name {image['file_name']!r}"
            raise InputError(path, found, "a name below the folder of the pictures", record=f"image {image['id']}")
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


def write_annotations(path: str | Path, annotations: Annotations) -> int:
    """Write a split one record a line, so that it need not fit into memory twice; the same bytes for the same value.

    Ids of categories and annotations count from 1, an image's scene is its file's name without suffix, boxes are
    rounded to thousandths of a pixel. Returns how many boxes there are.
    """
    first: dict[int, int] = {}
    count = 0
    for image in annotations.images:
        first[image.id] = count + 1
        count += len(image.boxes)
    lists: dict[str, Iterable[Any]] = {
        "annotations": (note for image in annotations.images for note in _notes(image, first[image.id])),
        "attributes": annotations.attributes,
        "categories": ({"id": row, "name": name} for row, name in enumerate(annotations.classes, 1)),
        "images": map(_entry, annotations.images),
        "predicates": annotations.predicates,
        "relations": (link for image in annotations.images for link in _links(image, first[image.id])),
    }
    with atomic_path(path) as temporary, open(temporary, "w", encoding="utf-8", newline="\n") as stream:
        stream.write("{")
        for number, (key, values) in enumerate(lists.items()):
            stream.write(f'{"," * bool(number)}\n"{key}": [')
            for row, value in enumerate(values):
                text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
                stream.write(f"{',' * bool(row)}\n{text}")
            stream.write("]")
        stream.write("\n}\n")
    return count


def _entry(image: AnnotatedImage) -> dict[str, Any]:
    size = {"width": image.width, "height": image.height}
    return {"id": image.id, "file_name": image.file_name, "scene": Path(image.file_name).stem, **size}


def _notes(image: AnnotatedImage, first: int) -> Iterator[dict[str, Any]]:
    for row, (x0, y0, x1, y1) in enumerate(image.boxes.astype(np.float64).tolist()):
        yield {
            "id": first + row,
            "image_id": image.id,
            "category_id": int(image.labels[row]) + 1,
            "bbox": [round(value, 3) for value in (x0, y0, x1 - x0, y1 - y0)],
            "attributes": list(image.attributes[row]),
        }


def _links(image: AnnotatedImage, first: int) -> Iterator[dict[str, Any]]:
    for subject, predicate, other in image.relations:
        ends = {"subject_id": first + subject, "object_id": first + other}
        yield {"image_id": image.id, "predicate": predicate, **ends}
