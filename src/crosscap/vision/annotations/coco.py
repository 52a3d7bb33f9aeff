"""COCO instances (Lin et al., ECCV 2014), and the same with attributes and relations (docs/contracts.md).

Polygons and masks are dropped while the file is read. Crowd boxes mark a region of many objects and none of them, so
they are not taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.annotations.drafts import ImageDraft
from crosscap.vision.annotations.json_fields import corners, integers, list_of
from crosscap.vision.annotations.reading import Reading
from crosscap.vision.annotations.records import OBJECTS, RELATIONS, AnnotationFile
from crosscap.vision.annotations.synonyms import Synonyms
from crosscap.vision.annotations.vocabulary import Vocabulary, checked_names, most_frequent, once

FILES = "instances_train2017.json"
KEYS = ("images", "annotations", "categories", "relations", "attributes", "predicates")
"""Lists that are read; only the first three must be there."""
_OF_OBJECT = ("id", "image_id", "category_id", "bbox", "attributes", "iscrowd")


def read(reading: Reading) -> Annotations:
    """The pictures of `Reading.pictures`; the file is that of `FILES`.

    Raises:
        InputError: the file is missing, broken or of another layout.
    """
    (file,) = map(reading.open, reading.paths)
    lists = _lists(file)
    classes = _class_names(file, lists["categories"])
    names = reading.names or _vocabulary(file, lists, classes)
    drafts: dict[Any, ImageDraft] = {}
    for number, image in enumerate(lists["images"], 1):
        id = integers(image, "id")
        if not id or not isinstance(image.get("file_name"), str):
            reading.refuse_image(file, number, "no id and file_name", image)
            continue
        size = (image["width"], image["height"]) if {"width", "height"} <= image.keys() else None
        draft = reading.draft(file, number, id[0], Path(image["file_name"]).stem, size, names)
        drafts.setdefault(draft.id, draft)
    owners = _add_objects(file, lists["annotations"], drafts, classes)
    _add_relations(file, lists.get("relations", []), drafts, owners)
    return reading.finish(list(drafts.values()), names)


def _lists(file: AnnotationFile) -> dict[str, list[Any]]:
    """The lists of `KEYS` that the file has; of annotations what is used."""
    lists: dict[str, list[Any]] = {}
    stream = file.json()
    for key in stream.members():
        if key not in KEYS:
            stream.value()
        elif key in lists:
            raise InputError(file.path, f"the key {key!r} twice", "each list once", record=stream.line)
        elif key == "annotations":
            entries = progress(stream.elements(), file.path.name)
            lists[key] = [_used(entry) for _, entry in entries]
        else:
            lists[key] = [entry for _, entry in stream.elements()]
    stream.end()
    if missing := [key for key in KEYS[:3] if key not in lists]:
        raise InputError(file.path, f"no list {missing[0]!r}", "COCO instances: images, annotations, categories")
    return lists


def _used(entry: Any) -> Any:
    return {key: entry[key] for key in _OF_OBJECT if key in entry} if isinstance(entry, dict) else entry


def _class_names(file: AnnotationFile, categories: Sequence[Any]) -> dict[int, str]:
    """Names by category id, in the order of the ids.

    Raises:
        InputError: a category without an id and a name, or an id that stands twice.
    """
    expected = "a category {id, name}"
    found: dict[int, str] = {}
    for number, category in enumerate(categories, 1):
        id = integers(category, "id")
        if not id or id[0] in found:
            raise InputError(file.path, repr(category)[:60], f"{expected} of its own", record=f"category {number}")
        (found[id[0]],) = checked_names(file, [category.get("name")], expected)
    return dict(sorted(found.items()))


def _vocabulary(file: AnnotationFile, lists: dict[str, list[Any]], classes: dict[int, str]) -> Vocabulary:
    """The file's own lists of names; where it has none of attributes or predicates, those that occur."""
    own, words = {}, Synonyms()
    for key, holders, of in (("attributes", "annotations", "attributes"), ("predicates", "relations", "predicate")):
        if lists.get(key):
            own[key] = once(checked_names(file, lists[key], f"a list of names below {key!r}"))
            continue
        counts = Counter[str]()
        for holder in lists.get(holders, []) if key not in lists else []:
            values = holder.get(of) if isinstance(holder, dict) else None
            for value in values if isinstance(values, list) else [values]:
                counts.update(filter(None, [words.plain(value)]))
        own[key] = most_frequent(counts, None)
    return Vocabulary(once(classes.values()), own["attributes"], own["predicates"])


def _add_objects(
    file: AnnotationFile, annotations: Sequence[Any], drafts: dict[Any, ImageDraft], classes: dict[int, str]
) -> dict[Any, ImageDraft]:
    """The pictures of the annotations by the ids of these."""
    owners: dict[Any, ImageDraft] = {}
    for number, note in enumerate(annotations, 1):
        id, image = (note.get("id"), note.get("image_id")) if isinstance(note, dict) else (None, None)
        draft = drafts.get(image) if isinstance(image, int) else None
        if draft is None:
            file.reads(OBJECTS)
            file.set_aside(OBJECTS, number, f"unknown image: {image}", note, malformed=not isinstance(image, int))
            continue
        if note.get("iscrowd"):
            draft.pass_object(file, id)
            continue
        key = id if isinstance(id, int | str) else ("annotation", number)  # only relations need ids
        if owners.setdefault(key, draft) is not draft:
            draft.refuse(file, OBJECTS, number, f"object id stands twice: {key}", note)
            continue
        category = note.get("category_id")
        name = classes.get(category) if isinstance(category, int) else None
        attributes = list_of(note, "attributes")
        draft.add_object(file, number, key, name, corners(note.get("bbox")), attributes, note)
    return owners


def _add_relations(
    file: AnnotationFile, relations: Sequence[Any], drafts: dict[Any, ImageDraft], owners: dict[Any, ImageDraft]
) -> None:
    for number, relation in enumerate(relations, 1):
        image = relation.get("image_id") if isinstance(relation, dict) else None
        draft = drafts.get(image) if isinstance(image, int) else None
        if draft is None:
            file.reads(RELATIONS)
            file.set_aside(RELATIONS, number, f"unknown image: {image}", relation)
            continue
        ends = relation.get("subject_id"), relation.get("object_id")
        draft.add_relation(file, number, ends[0], relation.get("predicate"), ends[1], relation)
