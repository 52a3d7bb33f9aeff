from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.vision.annotations.annotated_images import read_annotations, write_annotations
from crosscap.vision.annotations.layouts import LAYOUTS, annotation_format
from crosscap.vision.annotations.vocabulary import Vocabulary
from tests.vision.annotations.replicas import ATTRIBUTES, REPLICAS, WORLD, coco_value, counts, read, told, write

replicas = pytest.mark.parametrize("replica", REPLICAS)


@replicas
def test_every_layout_is_recognised_and_tells_the_same_world(tmp_path: Path, replica: str) -> None:
    paths = REPLICAS[replica](tmp_path)
    assert annotation_format(paths) == replica.split()[0]
    found, records, reading = read(paths)
    assert [(image.id, image.file_name, image.width, image.height) for image in found.images] == [
        (7, "7.jpg", 64, 48),
        (8, "8.jpg", 48, 64),
    ]
    for image in found.images:
        things, links = WORLD[image.id]
        row = {thing.id: number for number, thing in enumerate(things)}
        boxes, attributes, relations = told(found, image)
        assert boxes == [(thing.name, list(thing.box)) for thing in things]
        assert attributes == tuple(thing.attributes if replica != "vrd" else () for thing in things)
        assert relations == tuple((row[s], p, row[o]) for s, p, o in links)
    assert set(found.attributes) == (set() if replica == "vrd" else set(ATTRIBUTES))
    assert records == []
    assert counts(reading)["images"] == (3, 2, 0, 1)
    assert counts(reading)["objects"] == (6, 4, 0, 2)
    assert counts(reading)["relations"] == (4, 3, 0, 1)
    assert counts(reading).get("attributes", (0,)) == ((0,) if replica == "vrd" else (5, 4, 0, 1))
    assert {str(file.path): file.sha256 for file in reading.files} == {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


@replicas
def test_what_was_read_can_be_written_as_the_contract_says_and_read_again(tmp_path: Path, replica: str) -> None:
    found, _, _ = read(REPLICAS[replica](tmp_path))
    path = tmp_path / "written.json"
    assert write_annotations(path, found) == 4
    again = read_annotations(path)
    assert (again.classes, again.attributes, again.predicates) == (found.classes, found.attributes, found.predicates)
    assert [told(again, image) for image in again.images] == [told(found, image) for image in found.images]
    first = path.read_bytes()
    write_annotations(path, again)
    assert path.read_bytes() == first
    assert [entry["scene"] for entry in json.loads(first)["images"]] == ["7", "8"]


@replicas
def test_a_later_split_keeps_the_names_of_the_first(tmp_path: Path, replica: str) -> None:
    names = Vocabulary(("ball", "horse", "man"), ("tall",), ("on",))
    found, records, reading = read(REPLICAS[replica](tmp_path), names=names)
    assert (found.classes, found.attributes, found.predicates) == (names.classes, names.attributes, names.predicates)
    assert [told(found, image)[0] for image in found.images] == [
        [("man", [5, 10, 25, 30]), ("horse", [2, 20, 40, 48])],
        [("ball", [31, 40, 48, 64])],
    ]
    assert [image.relations for image in found.images] == [((0, "on", 1),), ()]
    assert records == []
    assert counts(reading)["objects"] == (6, 3, 0, 3)
    assert counts(reading)["relations"] == (4, 1, 0, 3)


@pytest.mark.parametrize("replica", [name for name in REPLICAS if name != "vg150"])
def test_compressed_files_are_read_like_plain_ones(tmp_path: Path, replica: str) -> None:
    paths = REPLICAS[replica](tmp_path)
    packed = [path.with_suffix(".json.gz") for path in paths]
    for path, into in zip(paths, packed, strict=True):
        into.write_bytes(gzip.compress(path.read_bytes()))
    found, again = read(paths)[0], read(packed)[0]
    assert [told(found, image) for image in found.images] == [told(again, image) for image in again.images]


@pytest.mark.parametrize("format", LAYOUTS)
def test_files_of_another_layout_are_refused(tmp_path: Path, format: str) -> None:
    for replica, make in REPLICAS.items():
        if replica.split()[0] != format:
            (tmp_path / replica).mkdir()
            paths = make(tmp_path / replica)
            (count, *_) = LAYOUTS[format].counts
            with pytest.raises(InputError) as caught:
                read((paths * count)[:count], format)
            assert caught.value.path in map(str, paths)


def test_pictures_of_another_size_and_broken_entries_cost_themselves_alone(tmp_path: Path) -> None:
    value = coco_value()
    value["images"][1]["width"] = 49
    value["images"].append({"id": 7, "file_name": "7.jpg"})
    value["images"].append({"id": "7"})
    found, records, reading = read(write(tmp_path, instances=value))
    assert [image.id for image in found.images] == [7]
    assert [(record.line, record.reason) for record in records] == [
        (2, "picture of another size: 48 x 64, annotated for 49 x 64"),
        (4, "image stands twice: 7"),
        (5, "no id and file_name"),
    ]
    assert counts(reading)["images"] == (5, 1, 3, 1)
    assert counts(reading)["objects"] == (6, 2, 2, 2)
    assert counts(reading)["relations"] == (4, 2, 1, 1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "file.json: found no JSON, no HDF5, expected annotations of a known layout"),
        ("[]", "file.json: found a JSON array"),
        ("{}", "file.json: found a JSON object with ''"),
        ('{"7": 5}', "file.json: found a JSON object with '7'"),
        ("[1, ", "file.json: found a JSON array"),
        ('{"images": [', "file.json, line 1: found the end of the file"),
    ],
)
def test_what_is_no_annotation_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "file.json").write_text(content)
    with pytest.raises(InputError, match=message):
        read([tmp_path / "file.json"])


def test_unknown_formats_and_numbers_of_files_are_answered_with_the_right_ones(tmp_path: Path) -> None:
    paths = REPLICAS["vrd"](tmp_path)
    with pytest.raises(InputError, match="found format 'vgg', expected one of coco, vrd, vg150, visual_genome, gqa"):
        read(paths, "vgg")
    with pytest.raises(InputError, match=r"found 2 files for vrd, expected annotations_train\.json, objects"):
        read(paths[:2])


def test_a_record_that_is_nested_without_end_is_set_aside_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    for depth in range(700, 1000, 7):
        path.write_text('{"7": {"width": 64, "height": 48, "objects": {}}, "8": ' + "[" * depth + "]" * depth + "}")
        try:
            found, records, _ = read([path], "gqa")
        except InputError as error:
            assert "recursion" in error.found
        else:
            assert [image.id for image in found.images] == [7]
            assert [record.reason for record in records] == ["no width, height and objects"]
