from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crosscap.errors import InputError
from crosscap.vision.annotations.annotated_images import read_annotations


def instances() -> dict[str, Any]:
    return {
        "images": [{"id": 5, "file_name": "a.jpg", "width": 20, "height": 10, "scene": "train-1"}],
        "categories": [{"id": 2, "name": "park"}, {"id": 1, "name": "dog"}],
        "annotations": [
            {"id": 8, "image_id": 5, "category_id": 2, "bbox": [0, 5, 20, 5]},
            {"id": 9, "image_id": 5, "category_id": 1, "bbox": [1, 2, 3, 4], "attributes": ["red"]},
        ],
        "relations": [{"image_id": 5, "subject_id": 9, "object_id": 8, "predicate": "in"}],
        "attributes": ["red"],
        "predicates": ["in"],
    }


def write(folder: Path, data: Any) -> Path:
    path = folder / "instances_train.json"
    path.write_text(json.dumps(data))
    return path


def test_boxes_labels_attributes_and_relations_are_read_by_row(tmp_path: Path) -> None:
    read = read_annotations(write(tmp_path, instances()))
    assert (read.classes, read.attributes, read.predicates) == (("dog", "park"), ("red",), ("in",))
    (image,) = read.images
    assert (image.id, image.file_name, image.width, image.height) == (5, "a.jpg", 20, 10)
    assert image.boxes.tolist() == [[0, 5, 20, 10], [1, 2, 4, 6]]
    assert image.labels.tolist() == [1, 0]
    assert image.attributes == ((), ("red",))
    assert image.relations == ((1, "in", 0),)


def test_an_empty_split_is_legal(tmp_path: Path) -> None:
    assert read_annotations(write(tmp_path, {"images": [], "annotations": [], "categories": []})).images == ()


def change(key: str, value: Any, row: int = 0, field: str = "annotations") -> Callable[[dict[str, Any]], Any]:
    return lambda data: data[field][row].update({key: value})


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (change("image_id", 6), "annotation 8: found image_id 6"),
        (change("category_id", 3), "annotation 8: found category_id 3"),
        (change("bbox", [0, 5, 20, 0]), "annotation 8: found the box .* a width and a height above 0"),
        (change("bbox", [0, 5, 30, 5]), "annotation 8: found the box .* inside 20 x 10 pixels"),
        (change("id", 9), "annotation 9: found the same annotation id twice"),
        (change("attributes", ["rad"]), "annotation 8: found attribute 'rad'"),
        (change("bbox", [1, 2, 3]), "found an entry of another form"),
        (change("object_id", 7, field="relations"), "relation 0: found subject_id 9, object_id 7"),
        (change("predicate", "on", field="relations"), "relation 0: found predicate 'on'"),
        (change("file_name", "/etc/a.jpg", field="images"), "image 5: found the file_name '/etc/a.jpg'"),
        (change("file_name", "a/../../b.jpg", field="images"), "image 5: found the file_name 'a/../../b.jpg'"),
        (lambda data: data["images"].append(data["images"][0]), "image 5: found the same image id twice"),
        (lambda data: data["images"][0].pop("width"), "an entry without the key 'width'"),
        (lambda data: data.pop("images"), "no list 'images'"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, edit: Callable[[dict[str, Any]], Any], message: str) -> None:
    data = instances()
    edit(data)
    with pytest.raises(InputError, match=message):
        read_annotations(write(tmp_path, data))
