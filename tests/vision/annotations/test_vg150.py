from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import pytest

from crosscap.errors import InputError
from tests.vision.annotations.replicas import counts, read, vg150, vg150_arrays


def test_boxes_of_512_serve_where_there_are_none_of_1024(tmp_path: Path) -> None:
    arrays = {"boxes_1024": None, "boxes_512": vg150_arrays(side=512)["boxes_512"]}
    found, _, _ = read(vg150(tmp_path, **arrays))
    assert [image.boxes.tolist() for image in found.images] == [
        [[5, 10, 25, 30], [2, 20, 40, 48]],
        [[0, 1, 30, 33], [31, 40, 48, 64]],
    ]


def test_attributes_are_optional(tmp_path: Path) -> None:
    found, _, reading = read(vg150(tmp_path, attributes=None))
    assert [image.attributes for image in found.images] == [((), ()), ((), ())]
    assert "attributes" not in counts(reading)


@pytest.mark.parametrize(
    ("split", "splits", "ids"),
    [
        ("train", (0, 0, 0), [8]),  # the first used one validates, picture 9 is absent
        ("val", (0, 0, 0), [7]),
        ("val", (2, 0, 0), [8]),
        ("test", (2, 0, 2), [7]),
    ],
)
def test_the_first_pictures_of_the_training_part_validate(
    tmp_path: Path, split: str, splits: tuple[int, ...], ids: list[int]
) -> None:
    found, _, reading = read(vg150(tmp_path, split=list(splits)), split=split, validation=1)
    assert [image.id for image in found.images] == ids
    assert counts(reading)["objects"] == (6, 2, 0, 4)
    assert counts(reading)["attributes"] == (5, 2, 0, 3)


def test_pictures_without_relations_are_not_used_as_in_the_benchmark(tmp_path: Path) -> None:
    ranges = {"img_to_first_rel": [-1, 2, 3], "img_to_last_rel": [-1, 2, 3]}
    found, _, reading = read(vg150(tmp_path, **ranges))
    assert [image.id for image in found.images] == [8]
    assert counts(reading)["images"] == (3, 1, 0, 2)


def test_broken_rows_are_set_aside_with_their_reasons(tmp_path: Path) -> None:
    arrays = vg150_arrays()
    arrays["labels"][1] = [5]
    arrays["attributes"][0] = [1, 3, 1, *[0] * 7]
    arrays["boxes_1024"][3] = [2000, 100, 10, 10]
    arrays["relationships"] = [[0, 0], [1, 4], [2, 3], [4, 5]]
    arrays["predicates"] = [[1], [1], [9], [1]]
    found, records, reading = read(vg150(tmp_path, **arrays))
    assert [(image.id, len(image.boxes), image.relations) for image in found.images] == [(7, 1, ()), (8, 1, ())]
    assert [(record.line, record.reason) for record in records] == [
        (1, "unknown attribute"),
        (1, "attribute stands twice: red"),
        (1, "unknown class"),
        (1, "object related to itself: on"),
        (1, "unknown object: 4"),  # a row of another picture
        (2, "box outside the picture"),
    ]
    assert records[2].text == "image 7, row 1: label 5, box [336, 544, 608, 448]"
    assert counts(reading)["relations"] == (4, 0, 3, 1)
    assert counts(reading)["attributes"] == (6, 2, 3, 1)


def test_a_range_outside_costs_one_picture_its_rows(tmp_path: Path) -> None:
    ranges = {"img_to_first_box": [0, 5, 4], "img_to_last_box": [1, 6, 5]}
    found, records, _ = read(vg150(tmp_path, **ranges))
    assert [(image.id, len(image.boxes)) for image in found.images] == [(7, 2), (8, 0)]
    assert [record.reason for record in records] == ["box range outside the file", "unknown object: 2"]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"labels": None}, "found no labels, expected the arrays boxes_1024"),
        ({"boxes_1024": None}, "found no boxes_1024"),
        ({"boxes_1024": [[1.0] * 5] * 6}, r"boxes_1024: found int32 \[6, 5\], expected integers \[N, 4\]"),
        ({"labels": [[1]] * 5}, "found arrays of different length"),
        ({"split": [0, 0]}, "found arrays of different length"),
        (
            {"img_to_last_box": [5, 5, 5]},
            "found 12 rows in the ranges of the pictures, expected at most the 6",
        ),
    ],
)
def test_arrays_that_do_not_belong_together_stop_at_once(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(vg150(tmp_path, **arrays))


def test_a_list_of_other_pictures_stops_at_once(tmp_path: Path) -> None:
    message = r"image_data\.json: found 2 pictures besides 1592, 1722, 4616, 4617, expected 3, a picture for each row"
    with pytest.raises(InputError, match=message):
        read(vg150(tmp_path, images=(7, 8, 1592)))


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"\1\0\0\0" * 24)
    for kind in ("external storage", "external link", "soft link"):
        paths = vg150(tmp_path, boxes_1024=None)
        with h5py.File(paths[0], "a") as file:
            if kind == "external storage":
                file.create_dataset("boxes_1024", (6, 4), "i4", external=[(str(secret), 0, h5py.h5f.UNLIMITED)])
            elif kind == "external link":
                file["boxes_1024"] = h5py.ExternalLink(str(secret), "/boxes_1024")
            else:
                file["boxes_1024"] = h5py.SoftLink("/labels")
        with pytest.raises(InputError, match=r"boxes_1024|broken data|no boxes"):
            read(paths)


def test_an_array_larger_than_the_file_can_hold_is_not_read(tmp_path: Path) -> None:
    paths = vg150(tmp_path, boxes_1024=None)
    with h5py.File(paths[0], "a") as file:
        file.create_dataset("boxes_1024", (10**10, 4), "i4", chunks=(1000, 4))
    with pytest.raises(InputError, match="found an array of 160000000000 bytes, expected no more than"):
        read(paths)
