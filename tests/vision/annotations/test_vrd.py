from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crosscap.errors import InputError
from crosscap.text.source_file import Quarantined
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.annotations.vrd import read_vrd

REALDATA = Path(os.environ.get("CROSSCAP_REALDATA", Path(__file__).parents[4] / "shared/data"))


def thing(category: int, *box: float) -> dict[str, Any]:
    return {"category": category, "bbox": list(box)}


def triple(subject: dict[str, Any], predicate: int, other: dict[str, Any]) -> dict[str, Any]:
    return {"subject": subject, "predicate": predicate, "object": other}


MAN, HORSE = thing(0, 10, 30, 5, 25), thing(1, 20, 48, 2, 40)


def read(folder: Path, annotations: Any) -> tuple[Annotations, list[Quarantined]]:
    (folder / "images").mkdir(exist_ok=True)
    Image.new("RGB", (64, 48)).save(folder / "images" / "41234_a.jpg")
    for name, value in {"a": annotations, "o": ["person", "Horse"], "p": ["on", "next  to"]}.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
    records: list[Quarantined] = []
    return read_vrd(*(folder / f"{name}.json" for name in "aop"), folder / "images", records.append), records


def test_a_triple_gives_two_boxed_objects_and_their_relation(tmp_path: Path) -> None:
    found, records = read(tmp_path, {"41234_a.jpg": [triple(MAN, 0, HORSE), triple(HORSE, 1, MAN)], "other.jpg": []})
    assert (found.classes, found.attributes, found.predicates) == (("person", "horse"), (), ("on", "next to"))
    (image,) = found.images
    assert (image.id, image.file_name, image.width, image.height) == (41234, "41234_a.jpg", 64, 48)
    assert image.boxes.tolist() == [[5, 10, 25, 30], [2, 20, 40, 48]]
    assert (image.labels.tolist(), image.attributes) == ([0, 1], ((), ()))
    assert image.relations == ((0, "on", 1), (1, "next to", 0))
    assert records == []


def test_broken_records_are_set_aside_with_their_reasons_and_boxes_are_clipped(tmp_path: Path) -> None:
    entries = [
        triple(MAN, 0, thing(1, -5, 60, -1, 70)),
        triple(MAN, 0, thing(1, -5, 60, -1, 70)),
        triple(MAN, 2, HORSE),
        triple(MAN, 0, MAN),
        triple(MAN, 0, thing(2, 1, 9, 1, 9)),
        triple(MAN, 0, thing(1, 50, 60, 1, 9)),
        triple(MAN, 0, thing(1, 9, 9, 1, 9)),
        triple(MAN, 0, thing(1, 47.5, 60, 1, 9)),
        {"subject": MAN, "predicate": 0},
    ]
    found, records = read(tmp_path, {"41234_a.jpg": entries})
    assert found.images[0].boxes.tolist() == [[5, 10, 25, 30], [0, 0, 64, 48], [2, 20, 40, 48]]
    assert found.images[0].relations == ((0, "on", 1),)
    assert [record.reason for record in records] == [
        "relation stands twice: on",
        "unknown predicate",
        "object related to itself: on",
        "unknown class",
        "box outside the picture",
        "empty box",
        "box smaller than a pixel",
        "no triple of subject, predicate and object",
    ]
    assert {(record.file, record.line) for record in records} == {("a.json", 1)}
    assert json.loads(records[3].text) == thing(2, 1, 9, 1, 9)


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        ([], r"a\.json, line 1: found '\[\]', expected a JSON object's '{'"),
        ({"9999.jpg": []}, r"a\.json: found no annotations of the pictures in the folder, but of 9999"),
        ({str(n): n for n in range(80)}, r"a\.json, entry 1: found no list of triples, and 50 of 50 images like it"),
    ],
)
def test_a_file_that_is_no_vrd_stops_at_once(tmp_path: Path, annotations: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, annotations)


@pytest.mark.realdata
def test_the_sample_of_thirty_photos_is_read_to_its_last_triple() -> None:
    folder = REALDATA / "vrd_sample"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent (set CROSSCAP_REALDATA to the folder of the real data)")
    records: list[Quarantined] = []
    files = [folder / f"{name}.json" for name in ("annotations", "objects", "predicates")]
    found = read_vrd(*files, folder / "images", records.append)
    assert (len(found.images), len(found.classes), len(found.predicates)) == (30, 100, 70)
    assert (sum(len(image.boxes) for image in found.images), sum(len(image.relations) for image in found.images)) == (
        245,
        321,
    )
    # 335 triples in all
    assert Counter(record.reason.split(":")[0] for record in records) == {
        "relation stands twice": 12,
        "object related to itself": 2,
    }
