"""What holds of every reader for any damage to its files: `InputError` or whole annotations, and no record is lost."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscap.errors import InputError
from crosscap.vision.annotations.annotated_images import Annotations, read_annotations, write_annotations
from crosscap.vision.annotations.drafts import fitted_box
from crosscap.vision.annotations.reading import Reading
from tests.vision.annotations.replicas import REPLICAS, counts, read, vg150, vg150_arrays

EDITS = st.lists(
    st.tuples(st.integers(0, 1 << 20), st.sampled_from(["cut", "drop", "put", "flip"]), st.integers(0, 255)), max_size=4
)
# In place of a number, a name, a list or an object of a file
VALUES = st.sampled_from(
    [None, True, 0, -1, 7, 8, 70, 10**30, 1.5, 1e308, float("nan"), "", " ", "man", "\ud800", [], [1], {}, {"id": 7}]
)


def damaged(content: bytes, edits: list[tuple[int, str, int]]) -> bytes:
    data = bytearray(content)
    for place, kind, byte in edits:
        at = place % max(1, len(data))
        match kind:
            case "cut":
                del data[at:]
            case "drop":
                del data[at : at + 1 + byte % 8]
            case "put":
                data[at:at] = bytes([byte])
            case _ if data:
                data[at] = byte
    return bytes(data)


def check(folder: Path, paths: list[Path], format: str) -> None:
    """Read, and hold what was read against the contract."""
    try:
        found, records, reading = read(paths, format)
    except InputError as error:
        assert error.path in (*map(str, paths), "params.yaml")
        str(error).encode()
        return
    hold(found, reading)
    json.dumps([vars(record) for record in records], ensure_ascii=False).encode()
    path = folder / "written.json"
    write_annotations(path, found)
    again = read_annotations(path)  # raises where it is not as docs/contracts.md says
    assert [image.relations for image in again.images] == [image.relations for image in found.images]


def hold(found: Annotations, reading: Reading) -> None:
    own = counts(reading)
    kept = {
        "images": len(found.images),
        "objects": sum(len(image.boxes) for image in found.images),
        "relations": sum(len(image.relations) for image in found.images),
        "attributes": sum(len(names) for image in found.images for names in image.attributes),
    }
    assert kept == {kind: own.get(kind, (0, 0))[1] for kind in kept}
    for image in found.images:
        if len(image.boxes):
            sides = image.boxes[:, 2:] - image.boxes[:, :2]
            assert sides.min() >= 1 - 1e-4 and image.boxes.min() >= 0
            assert (image.boxes[:, 2:] <= (image.width, image.height)).all()


@pytest.mark.parametrize("replica", REPLICAS)
@settings(max_examples=25, deadline=None)
@given(which=st.integers(0, 9), edits=EDITS)
def test_damaged_bytes_are_read_or_refused(replica: str, which: int, edits: list[tuple[int, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        paths = REPLICAS[replica](Path(name))
        path = paths[which % len(paths)]
        path.write_bytes(damaged(path.read_bytes(), edits))
        check(Path(name), paths, replica.split()[0])


@pytest.mark.parametrize("replica", [name for name in REPLICAS if name != "vg150"])
@settings(max_examples=40, deadline=None)
@given(which=st.integers(0, 9), places=st.lists(st.tuples(st.integers(0, 1 << 20), VALUES), min_size=1, max_size=3))
def test_values_of_any_sort_in_any_place_are_read_or_refused(
    replica: str, which: int, places: list[tuple[int, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        paths = REPLICAS[replica](Path(name))
        path = paths[which % len(paths)]
        value = json.loads(path.read_text())
        for place, other in places:
            slots = list(all_slots(value))
            holder, key = slots[place % len(slots)]
            holder[key] = other
        path.write_text(json.dumps(value))
        check(Path(name), paths, replica.split()[0])


def all_slots(value: Any) -> Any:
    """Every place of a JSON value that holds something, as its list or object and its key there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from all_slots(item)


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(["boxes_1024", "labels", "attributes", "relationships", "predicates", "split"]
                         + [f"img_to_{end}_{of}" for end in ("first", "last") for of in ("box", "rel")]),
    number=st.integers(-(2**31), 2**31 - 1) | st.integers(-2, 9),
    place=st.integers(0, 99),
)  # fmt: skip
def test_any_number_in_any_array_of_vg150_is_read_or_refused(name: str, number: int, place: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        array = np.asarray(vg150_arrays()[name]).astype(np.int64)
        array.reshape(-1)[place % array.size] = number
        check(Path(folder), vg150(Path(folder), **{name: array}), "vg150")


@settings(max_examples=200, deadline=None)
@given(
    corners=st.lists(st.floats(-1e4, 1e4) | st.integers(-3, 70), min_size=4, max_size=4),
    width=st.integers(1, 64),
    height=st.integers(1, 64),
)
def test_a_fitted_box_is_the_part_of_it_inside_and_at_least_a_pixel(
    corners: list[float], width: int, height: int
) -> None:
    x0, y0, x1, y1 = corners
    box = fitted_box(corners, width, height)
    inside = np.clip(corners, 0, (width, height) * 2)
    large = x1 > x0 and y1 > y0 and inside[2] - inside[0] >= 1 and inside[3] - inside[1] >= 1
    assert (box == tuple(inside)) if large else isinstance(box, str)
    if not isinstance(box, str):
        assert fitted_box(box, width, height) == box
