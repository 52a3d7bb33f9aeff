from __future__ import annotations

import json

import pytest

from crosscap.errors import InputError
from crosscap.text.captions import (
    Caption,
    image_number,
    read_caption_lines,
    read_caption_pairs,
    read_challenger_captions,
    read_coco_captions,
    read_image_list,
)
from crosscap.text.parallel import Pair
from tests.text.sources import counts


def test_flickr8k_lines_with_and_without_a_language_tag_are_read(sources):
    file = sources.file("c.txt", "7_a.jpg#zhc#3 一只狗。\n7_a.jpg#1\tDog .\n8_b.jpg#1\tA cat .\nhm\n")
    assert list(read_caption_lines(file, {"7_a"})) == [
        Caption("7_a", 3, "一只狗。", 1),
        Caption("7_a", 1, "Dog .", 2),
    ]
    assert counts(file) == (4, 2, 1, 1)


def test_coco_captions_are_numbered_by_image_and_restricted_to_a_list(sources):
    value = {
        "images": [{"id": 5, "file_name": "x/5.jpg"}, {"id": 6, "file_name": "6.jpg"}],
        "annotations": [{"image_id": i, "caption": c} for i, c in ((5, "a"), (6, "b"), (5, "c\n"), (5, " "))],
    }
    file = sources.file("c.json", json.dumps(value))
    captions = list(read_coco_captions(file, {"5"}))
    assert [(caption.image, caption.index, caption.text) for caption in captions] == [("5", 0, "a"), ("5", 1, "c")]
    assert counts(file) == (4, 2, 1, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"images": [], "annotations": [{"image_id": 5, "caption": "a"}]}',
            "KeyError 5, expected COCO captions",
        ),
        ('{"images": [', "found Expecting value at column 13, expected valid JSON"),
        ("[" * 100_000, "found maximum recursion depth"),
        ('{"images": [], "annotations": []}', "found no annotations, expected a file with some"),
    ],
)
def test_a_file_that_is_no_coco_captions_is_refused(sources, text, message):
    with pytest.raises(InputError, match=message):
        list(read_coco_captions(sources.file("c.json", text), None))


def test_ai_challengers_array_is_read_element_by_element(sources):
    elements = [
        {"url": "http://x/1", "image_id": "8f00.jpg", "caption": ["一只狗。", "狗在跑。"]},
        {"image_id": "9a11.jpg"},
        {"image_id": "7b22.jpg", "caption": ["一只\n猫。"]},
    ]
    file = sources.file("captions.json", json.dumps(elements, ensure_ascii=False, indent=1))
    assert list(read_challenger_captions(file, None)) == [
        Caption("8f00", 0, "一只狗。", 2),
        Caption("8f00", 1, "狗在跑。", 2),
        Caption("7b22", 0, "一只 猫。", 13),
    ]
    assert counts(file) == (4, 3, 1, 0)
    assert [(record.line, record.reason) for record in sources.quarantine] == [
        (10, "no image_id with a list of captions")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"image_id": "1.jpg", "caption": ["a"]},', "line 1: found the end of the file"),
        ('[\n{"image_id": "1.jpg" "caption": ["aaaaaaaaaaaaaaaaaaaaaaa"]}]', "line 2: found Expecting ',' delimiter"),
        ('{"image_id": "1.jpg"}', r"line 1: found .*, expected a JSON array's '\['"),
        ("[]", "found no captions"),
    ],
)
def test_a_broken_array_is_refused_at_its_line(sources, text, message):
    with pytest.raises(InputError, match=message):
        list(read_challenger_captions(sources.file("c.json", text), None))


def test_an_array_that_is_larger_than_a_block_is_read_whole(sources):
    elements = [{"image_id": f"{n}.jpg", "caption": [f"狗{n}" * 30]} for n in range(30_000)]
    file = sources.file("c.json", json.dumps(elements, ensure_ascii=False))
    assert [c.text for c in read_challenger_captions(file, None)] == [f"狗{n}" * 30 for n in range(30_000)]


def test_caption_pairs_meet_by_image_and_index_within_the_listed_images(sources):
    source = sources.file(
        "enc.txt", "7_a.jpg#enc#0 A dog .\n7_a.jpg#enc#1 A pup .\n8_b.jpg#enc#0 A cat .\nhm\n7_a.jpg#enc#0 Again .\n"
    )
    target = sources.file("zhb.txt", "8_b.jpg#zhb#0 猫。\n7_a.jpg#zhb#0 狗。\n7_a.jpg#zhb#4 牛。\n7_a.jpg#zhb#0 犬。\n")
    pairs = list(read_caption_pairs(source, target, {"7_a"}))
    assert pairs == [Pair("enc.txt-7_a#0", "A dog .", "狗。", "enc.txt")]
    assert [(record.file, record.line, record.reason) for record in sources.quarantine] == [
        ("zhb.txt", 4, "stands twice: 7_a#0, first on line 2"),
        ("enc.txt", 2, "no partner: 7_a#1 in zhb.txt"),
        ("enc.txt", 4, "no `IMAGE#INDEX caption` line"),
        ("enc.txt", 5, "stands twice: 7_a#0"),
        ("zhb.txt", 3, "no partner: 7_a#4 in enc.txt"),
    ]
    assert (counts(source), counts(target)) == ((5, 1, 3, 1), (4, 1, 2, 1))


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
