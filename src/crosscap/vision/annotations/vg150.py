"""VG150 as the scene graph benchmarks publish it (Xu et al., CVPR 2017; neural-motifs; Scene-Graph-Benchmark).

``VG-SGG.h5``, or ``VG-SGG-with-attri.h5``, has rows of objects, relations and pictures:

* ``boxes_1024`` or ``boxes_512`` [N, 4]: centre x, centre y, width, height in a picture with so long a long side;
  ``labels`` [N, 1], ``attributes`` [N, 10], where 0 is none; numbers count from 1 and mean the names of
  ``VG-SGG-dicts.json``
* ``relationships`` [R, 2]: object rows of subject and object; ``predicates`` [R, 1]
* ``img_to_first_box``, ``img_to_last_box``, ``img_to_first_rel``, ``img_to_last_rel`` [I]: inclusive ranges of rows, -1
  for none; ``split`` [I]: 0 to train, 2 to test

Row i is the i-th picture of ``image_data.json`` without `CORRUPT`, four files that were broken when the benchmark was
made: 108,073 of 108,077. As there, pictures without boxes or relations are not used, and the first 5,000 of split 0
validate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosscap.errors import InputError
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.annotations.drafts import ImageDraft, State
from crosscap.vision.annotations.hdf5 import read_integers
from crosscap.vision.annotations.json_fields import integers
from crosscap.vision.annotations.reading import Reading
from crosscap.vision.annotations.records import ATTRIBUTES, OBJECTS, RELATIONS, AnnotationFile
from crosscap.vision.annotations.vocabulary import Vocabulary, checked_names, once

FILES = "VG-SGG-with-attri.h5, VG-SGG-dicts-with-attri.json, image_data.json"
CORRUPT = (1592, 1722, 4616, 4617)
_RANGES = ("img_to_first_box", "img_to_last_box", "img_to_first_rel", "img_to_last_rel")
_SIDES = (1024, 512)
_ARRAYS: dict[str, tuple[int, ...]] = {
    **{f"boxes_{side}": (4,) for side in _SIDES},
    **{"labels": (1,), "attributes": (10,), "relationships": (2,), "predicates": (1,), "split": ()},
    **dict.fromkeys(_RANGES, ()),
}
_OPTIONAL = ("attributes", *(f"boxes_{side}" for side in _SIDES))


@dataclass(frozen=True)
class _Rows:
    """The arrays, and the names behind their numbers: those of number 1, 2, …"""

    arrays: dict[str, NDArray[np.int64]]
    side: int
    classes: list[str]
    attributes: list[str]
    predicates: list[str]

    def range(self, image: int, of: str) -> tuple[int, int] | None:
        """First row and the one after the last of the picture's ``box`` or ``rel``; None for a range outside."""
        first, last = (int(self.arrays[f"img_to_{end}_{of}"][image]) for end in ("first", "last"))
        if first == last == -1:
            return 0, 0
        rows = len(self.arrays["labels" if of == "box" else "predicates"])
        return (first, last + 1) if 0 <= first <= last < rows else None


def read(reading: Reading) -> Annotations:
    """The pictures of `Reading.split`; the files are `FILES`.

    Raises:
        InputError: a file is missing, broken or of another layout, or they do not belong together.
    """
    file, dicts, images = map(reading.open, reading.paths)
    rows = _rows(file, dicts)
    names = reading.names or Vocabulary(*map(once, (rows.classes, rows.attributes, rows.predicates)))
    wanted = _wanted(rows.arrays, reading.split, reading.choice.validation)
    drafts = []
    entries = list(_image_entries(images))
    if len(entries) != len(wanted):
        found = f"{len(entries)} pictures besides {', '.join(map(str, CORRUPT))}"
        raise InputError(images.path, found, f"{len(wanted)}, a picture for each row of {file.path.name}")
    for image, (id, size) in enumerate(progress(entries, file.path.name)):
        draft = reading.draft(file, image + 1, id, str(id), size, names, wanted=bool(wanted[image]))
        _fill(draft, file, image, rows)
        drafts.append(draft)
    return reading.finish(drafts, names)


def _rows(file: AnnotationFile, dicts: AnnotationFile) -> _Rows:
    arrays = read_integers(file.path, _ARRAYS)
    file.hash_whole()
    missing = [name for name in _ARRAYS if name not in arrays and name not in _OPTIONAL]
    side = next((side for side in _SIDES if f"boxes_{side}" in arrays), None)
    if missing or side is None:
        raise InputError(file.path, f"no {(missing or ['boxes_1024'])[0]}", f"the arrays {', '.join(_ARRAYS)}")
    for same in (("labels", "attributes", f"boxes_{side}"), ("predicates", "relationships"), (*_RANGES, "split")):
        lengths = {name: len(arrays[name]) for name in same if name in arrays}
        if len(set(lengths.values())) > 1:
            raise InputError(file.path, f"arrays of different length {lengths}", "a row for each")
    for of, rows in (("box", "labels"), ("rel", "predicates")):
        first, last = arrays[f"img_to_first_{of}"], arrays[f"img_to_last_{of}"]
        if (named := int((last - first + 1)[first >= 0].sum())) > len(arrays[rows]):
            found = f"{named} rows in the ranges of the pictures"
            raise InputError(file.path, found, f"at most the {len(arrays[rows])} of {rows}")
    value = dicts.json_value()
    lists = [_by_number(dicts, value, key) for key in ("idx_to_label", "idx_to_attribute", "idx_to_predicate")]
    if not (lists[0] and lists[2]):
        raise InputError(dicts.path, "no names", "idx_to_label and idx_to_predicate {number from 1: name}")
    return _Rows(arrays, side, *lists)


def _by_number(file: AnnotationFile, value: Any, key: str) -> list[str]:
    """Names by number from 1; none without ``key``."""
    table = value.get(key, {}) if isinstance(value, dict) else None
    given = [table.get(str(number)) for number in range(1, len(table) + 1)] if isinstance(table, dict) else [None]
    if not given:
        return []
    names = checked_names(file, given, f"{key} {{number from 1: name}}")
    file.checked("names", len(names))
    return names


def _wanted(arrays: dict[str, NDArray[np.int64]], split: str, validation: int) -> NDArray[np.bool_]:
    """Which pictures belong to the split, [I]."""
    used = (arrays["img_to_first_box"] >= 0) & (arrays["img_to_first_rel"] >= 0)
    if split == "test":
        return used & (arrays["split"] == 2)
    train = used & (arrays["split"] == 0)
    first = train & (np.cumsum(train) <= validation)
    return first if split == "val" else train & ~first


def _image_entries(file: AnnotationFile) -> Iterator[tuple[int, tuple[int, int]]]:
    """Id and size of each picture, as many as the benchmark uses."""
    stream = file.json()
    count = 0
    for line, entry in stream.elements():
        values = integers(entry, "image_id", "width", "height")
        if values is None:
            found, expected = repr(entry)[:60], "image_id, width and height of a picture"
            raise InputError(file.path, found, expected, record=line)
        count += 1
        id, width, height = values
        if id not in CORRUPT:
            yield id, (width, height)
    stream.end()
    file.checked("entries", count)


def _fill(draft: ImageDraft, file: AnnotationFile, image: int, rows: _Rows) -> None:
    arrays = rows.arrays
    objects, relations = rows.range(image, "box"), rows.range(image, "rel")
    if draft.state is not State.KEPT:
        _leave(draft, file, arrays, objects, relations)
        return
    if objects is None:
        draft.refuse(file, OBJECTS, image + 1, "box range outside the file", f"image {draft.id}")
    if relations is None:
        draft.refuse(file, RELATIONS, image + 1, "relation range outside the file", f"image {draft.id}")
    scale = max(draft.width, draft.height) / rows.side
    for row in range(*(objects or (0, 0))):
        x, y, width, height = (arrays[f"boxes_{rows.side}"][row] * scale).tolist()
        box = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        label = int(arrays["labels"][row, 0])
        numbers = arrays["attributes"][row].tolist() if "attributes" in arrays else ()
        attributes = [_named(rows.attributes, number) for number in numbers if number]
        record = f"image {draft.id}, row {row}: label {label}, box {arrays[f'boxes_{rows.side}'][row].tolist()}"
        draft.add_object(file, image + 1, row, _named(rows.classes, label), box, attributes, record)
    for row in range(*(relations or (0, 0))):
        subject, other = arrays["relationships"][row].tolist()
        number = int(arrays["predicates"][row, 0])
        record = f"image {draft.id}, row {row}: {subject}, predicate {number}, {other}"
        draft.add_relation(file, image + 1, subject, _named(rows.predicates, number), other, record)


def _leave(
    draft: ImageDraft,
    file: AnnotationFile,
    arrays: dict[str, NDArray[np.int64]],
    objects: tuple[int, int] | None,
    relations: tuple[int, int] | None,
) -> None:
    if objects:
        draft.leave(file, OBJECTS, objects[1] - objects[0])
        if "attributes" in arrays:
            draft.leave(file, ATTRIBUTES, int(np.count_nonzero(arrays["attributes"][slice(*objects)])))
    if relations:
        draft.leave(file, RELATIONS, relations[1] - relations[0])


def _named(names: list[str], number: int) -> str | None:
    return names[number - 1] if 0 < number <= len(names) else None
