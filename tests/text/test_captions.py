from __future__ import annotations

import pytest

from crosscap.errors import InputError
from crosscap.io.artifacts import write_json
from crosscap.text.captions import Caption, image_number, read_caption_file, read_coco_captions, read_image_list


def test_flickr8k_lines_with_and_without_a_language_tag_are_read(tmp_path):
    (tmp_path / "c.txt").write_text("7_a.jpg#zhc#3 一只狗。\n7_a.jpg#1\tA dog .\n", encoding="utf-8")
    assert list(read_caption_file(tmp_path / "c.txt", None, [])) == [
        Caption("7_a", 3, "一只狗。", 1),
        Caption("7_a", 1, "A dog .", 2),
    ]


def test_coco_captions_are_numbered_by_image_and_restricted_to_a_list(tmp_path):
    write_json(
        tmp_path / "c.json",
        {
            "images": [{"id": 5, "file_name": "x/5.jpg"}, {"id": 6, "file_name": "6.jpg"}],
            "annotations": [{"image_id": i, "caption": c} for i, c in ((5, "a"), (6, "b"), (5, "c"))],
        },
    )
    assert [(c.image, c.index, c.text) for c in read_coco_captions(tmp_path / "c.json", {"5"})] == [
        ("5", 0, "a"),
        ("5", 1, "c"),
    ]


def test_captions_of_an_unknown_image_are_refused(tmp_path):
    write_json(tmp_path / "c.json", {"images": [], "annotations": [{"image_id": 5, "caption": "a"}]})
    with pytest.raises(InputError, match="found KeyError 5, expected COCO captions"):
        list(read_coco_captions(tmp_path / "c.json"))


def test_an_image_list_loses_folders_suffixes_and_repetitions(tmp_path):
    (tmp_path / "list.txt").write_text("a/7_a.jpg\n8_b\n\n7_a.jpg\n")
    assert read_image_list(tmp_path / "list.txt") == ["7_a", "8_b"]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("COCO_val2014_000000412975", 412975),
        ("1000268201_693b08cb0e", 1000268201),
        ("000000412975", 412975),
        ("7", 7),
        ("holiday", 2282684172181943),
    ],
)
def test_an_image_id_is_the_number_in_the_name_or_made_of_its_letters(name, number):
    assert image_number(name) == number
