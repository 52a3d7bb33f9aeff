from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crosscap.errors import InputError
from tests.vision.annotations.replicas import coco_value, counts, gqa_value, read, write


def test_crowds_are_not_asked_for_and_objects_need_no_ids(tmp_path: Path) -> None:
    value = coco_value()
    value["annotations"][0]["iscrowd"] = 1
    value["annotations"][2].pop("id")
    found, records, reading = read(write(tmp_path, instances=value))
    assert [(len(image.boxes), image.relations) for image in found.images] == [(1, ()), (2, ())]
    assert counts(reading)["objects"] == (6, 3, 0, 3)
    # relations with a crowd are not wanted, the one of an object without an id has no end
    assert [record.reason for record in records] == ["unknown object: 80"]
    assert counts(reading)["relations"] == (4, 0, 1, 3)


def test_names_that_no_list_defines_are_those_that_occur(tmp_path: Path) -> None:
    value = coco_value()
    del value["attributes"], value["predicates"]
    value["annotations"][3]["attributes"] = {"occluded": False}
    found, _, _ = read(write(tmp_path, instances=value))
    assert (found.attributes, found.predicates) == (("tall", "red"), ("on", "chase", "next to"))
    assert found.images[1].attributes == (("tall",), ())


def test_plain_coco_has_neither_attributes_nor_relations(tmp_path: Path) -> None:
    value = coco_value()
    for key in ("attributes", "predicates", "relations"):
        del value[key]
    for note in value["annotations"]:
        del note["attributes"]
    found, records, _ = read(write(tmp_path, instances=value))
    assert (found.classes, found.attributes, found.predicates) == (("man", "horse", "dog", "ball"), (), ())
    assert [(len(image.boxes), image.relations) for image in found.images] == [(2, ()), (2, ())]
    assert records == []


def test_broken_records_are_set_aside_with_their_reasons(tmp_path: Path) -> None:
    value = coco_value()
    notes = value["annotations"]
    notes[1]["category_id"] = 9
    notes[2]["bbox"] = [0, 0, float("nan"), 5]
    notes += [{**notes[0], "image_id": 6}, {**notes[0], "image_id": 8}, "note", {**notes[0], "id": 50, "bbox": [1, 2]}]
    value["relations"][2]["image_id"] = None
    _, records, reading = read(write(tmp_path, instances=value))
    assert [(record.line, record.reason) for record in records] == [
        (2, "unknown class"),
        (3, "no box of finite numbers"),
        (7, "unknown image: 6"),
        (8, "object id stands twice: 70"),
        (9, "unknown image: None"),
        (10, "no box of four numbers"),
        (3, "unknown image: None"),
    ]
    assert counts(reading)["objects"] == (10, 2, 6, 2)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda value: value.pop("categories"), "found no list 'categories'"),
        (lambda value: value.update(images={}), r"found '\{\}.*, expected a JSON array's"),
        (lambda value: value["categories"].append({"id": 10, "name": "cat"}), "category 5: found .*'cat'"),
        (lambda value: value["categories"].append({"id": 9, "name": " "}), "name 0: found ' '"),
        (lambda value: value.update(predicates=["on", 3]), "name 1: found '3', expected a list of names below"),
        (lambda value: value.update(predicates=["\ud800"]), "a list of names below 'predicates'"),
    ],
)
def test_a_file_that_is_no_coco_stops_at_once(
    tmp_path: Path, edit: Callable[[dict[str, Any]], Any], message: str
) -> None:
    value = coco_value()
    edit(value)
    with pytest.raises(InputError, match=message):
        read(write(tmp_path, instances=value), "coco")


def test_broken_records_of_gqa_are_set_aside_with_their_reasons(tmp_path: Path) -> None:
    value = gqa_value()
    man = value["7"]["objects"]["70"]
    man["relations"] += ["on", {"name": "on"}, {"name": 5, "object": "71"}]
    value["8"]["objects"].update({"82": 5, "83": {**man, "x": -50}})
    value["5"] = {"width": 5, "objects": {}}
    found, records, reading = read(write(tmp_path, train=value), classes=3, predicates=2)
    assert (found.classes, found.predicates) == (("man", "ball", "dog"), ("on", "chase"))
    assert [(record.line, record.reason) for record in records] == [
        (1, "no relation"),
        (1, "unknown object: None"),
        (2, "no object"),
        (2, "box outside the picture"),
        (2, "unknown object: 71"),
        (2, "no relation"),
        (2, "unknown object: None"),
        (2, "unknown object: 71"),
        (4, "no width, height and objects"),
    ]
    assert counts(reading)["images"] == (4, 2, 1, 1)
