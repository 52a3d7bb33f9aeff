"""Visual Genome's own files (Krishna et al., IJCV 2017), each an array with an entry a picture.

* ``image_data.json``: ``{"image_id": 1, "width": 800, "height": 600, …}``
* ``objects.json``: ``{"image_id": 1, "objects": [{"object_id": 5, "names": ["clock"], "synsets": ["clock.n.01"],
  "x": 4, "y": 9, "w": 7, "h": 3}]}``
* ``attributes.json``: the same objects below ``attributes``, with ``"attributes": ["green"]``
* ``relationships.json``: ``{"image_id": 1, "relationships": [{"subject": {"object_id": 5, …}, "predicate": "ON",
  "object": {…}}]}``
* or ``scene_graphs.json`` in place of the last three: objects with their attributes, and relations by ``subject_id``
  and ``object_id``

The files are read twice and entry by entry, first to find the most frequent names; only what is kept is held in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosscap.errors import InputError
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.annotations.drafts import ImageDraft
from crosscap.vision.annotations.json_fields import corners, integers, list_of
from crosscap.vision.annotations.reading import Reading
from crosscap.vision.annotations.records import ATTRIBUTES, OBJECTS, RELATIONS, AnnotationFile
from crosscap.vision.annotations.sample import first_entry
from crosscap.vision.annotations.synonyms import Synonyms, read_synonyms
from crosscap.vision.annotations.vocabulary import Vocabulary, most_frequent

FILES = (
    "image_data.json and scene_graphs.json, or image_data.json, objects.json, relationships.json and attributes.json"
)
_ENTRIES = "entries"


@dataclass(frozen=True)
class _Files:
    """Which file holds what; ``scene_graphs.json`` is all three."""

    images: AnnotationFile
    objects: AnnotationFile
    attributes: AnnotationFile | None
    relations: AnnotationFile | None


def read(reading: Reading) -> Annotations:
    """The pictures of `Reading.pictures`; the files are `FILES`, in any order.

    Raises:
        InputError: a file is missing, broken or of another layout.
    """
    files = _by_content(reading)
    choice = reading.choice
    things = read_synonyms(choice.object_aliases and reading.open(choice.object_aliases), choice.labels)
    links = read_synonyms(choice.predicate_aliases and reading.open(choice.predicate_aliases), choice.labels)
    names = reading.names or _count_names(files, reading, things, links)
    drafts = _drafts(files.images, reading, names)
    for number, draft, entry in _entries(files.objects, drafts, OBJECTS):
        for record in entry[OBJECTS]:
            _add_object(draft, files.objects, number, record, things, files.attributes is files.objects)
        if files.relations is files.objects:
            _add_relations(draft, files.objects, number, entry, links)
    if files.attributes and files.attributes is not files.objects:
        for number, draft, entry in _entries(files.attributes, drafts, ATTRIBUTES):
            for record in entry[ATTRIBUTES]:
                for name in list_of(record, ATTRIBUTES):
                    draft.add_attribute(files.attributes, number, record.get("object_id"), name, record)
    if files.relations and files.relations is not files.objects:
        for number, draft, entry in _entries(files.relations, drafts, "relationships"):
            _add_relations(draft, files.relations, number, entry, links)
    return reading.finish(list(drafts.values()), names)


def _by_content(reading: Reading) -> _Files:
    found: dict[str, AnnotationFile] = {}
    for path in reading.paths:
        entry = first_entry(path).value
        keys = set(entry) if isinstance(entry, dict) else set[str]()
        holds = "graphs" if {OBJECTS, "relationships"} <= keys else ""
        holds = holds or next((key for key in (OBJECTS, ATTRIBUTES, "relationships") if key in keys), "")
        holds = holds or ("images" if {"image_id", "width", "height"} <= keys else "")
        if not holds or holds in found:
            raise InputError(path, f"entries with the keys {sorted(keys)}", f"one of {FILES}")
        found[holds] = reading.open(path)
    graphs = found.get("graphs")
    if "images" not in found or bool(graphs) == (OBJECTS in found) or (graphs and len(found) > 2):
        raise InputError("params.yaml", f"files of {', '.join(sorted(found))}", FILES, record="key annotations")
    return _Files(
        found["images"],
        graphs or found[OBJECTS],
        graphs or found.get(ATTRIBUTES),
        graphs or found.get("relationships"),
    )


def _count_names(files: _Files, reading: Reading, things: Synonyms, links: Synonyms) -> Vocabulary:
    classes, attributes, predicates = Counter[str](), Counter[str](), Counter[str]()
    for file in dict.fromkeys((files.objects, files.attributes, files.relations)):
        if file is None:
            continue
        for _, entry in progress(file.json().elements(), f"counting the names of {file.path.name}"):
            for record in list_of(entry, OBJECTS) if file is files.objects else ():
                classes.update(filter(None, [things.name(record, "names")]))
            if file is files.attributes:
                for record in list_of(entry, OBJECTS if file is files.objects else ATTRIBUTES):
                    attributes.update(filter(None, map(Synonyms().plain, list_of(record, ATTRIBUTES))))
            for record in list_of(entry, "relationships") if file is files.relations else ():
                predicates.update(filter(None, [links.name(record, "predicate")]))
    choice = reading.choice
    return Vocabulary(
        most_frequent(classes, choice.classes),
        most_frequent(attributes, choice.attributes),
        most_frequent(predicates, choice.predicates),
    )


def _drafts(file: AnnotationFile, reading: Reading, names: Vocabulary) -> dict[int, ImageDraft]:
    """By image id."""
    drafts: dict[int, ImageDraft] = {}
    stream = file.json()
    for number, (_, entry) in enumerate(progress(stream.elements(), file.path.name), 1):
        values = integers(entry, "image_id", "width", "height")
        if values is None:
            reading.refuse_image(file, number, "no image_id, width and height", entry)
            continue
        id, width, height = values
        drafts.setdefault(id, reading.draft(file, number, id, str(id), (width, height), names))
    stream.end()
    return drafts


def _entries(
    file: AnnotationFile, drafts: Mapping[int, ImageDraft], key: str
) -> Iterator[tuple[int, ImageDraft, dict[str, Any]]]:
    """Entry numbers, pictures, and entries that have a list ``key``."""
    stream = file.json()
    seen = set[int]()
    for number, (_, entry) in enumerate(progress(stream.elements(), file.path.name), 1):
        file.reads(_ENTRIES)
        id = entry.get("image_id") if isinstance(entry, dict) else None
        if not isinstance(id, int) or not isinstance(entry.get(key), list):
            file.set_aside(_ENTRIES, number, f"no image_id and list of {key}", entry, malformed=True)
        elif id not in drafts or id in seen:
            reason = "image stands twice" if id in seen else "unknown image"
            file.set_aside(_ENTRIES, number, f"{reason}: {id}", entry)
        else:
            seen.add(id)
            file.keeps(_ENTRIES)
            yield number, drafts[id], entry
    stream.end()


def _add_object(
    draft: ImageDraft, file: AnnotationFile, number: int, record: Any, things: Synonyms, with_attributes: bool
) -> None:
    if not isinstance(record, dict):
        draft.refuse(file, OBJECTS, number, "no object", record)
        return
    box, key = corners([record.get(key) for key in "xywh"]), record.get("object_id")
    attributes = list_of(record, ATTRIBUTES) if with_attributes else ()
    draft.add_object(file, number, key, things.name(record, "names"), box, attributes, record)
    for other in list_of(record, "merged_object_ids"):
        draft.alias(key, other)


def _add_relations(
    draft: ImageDraft, file: AnnotationFile, number: int, entry: dict[str, Any], links: Synonyms
) -> None:
    for record in list_of(entry, "relationships"):
        if not isinstance(record, dict):
            draft.refuse(file, RELATIONS, number, "no relation", record)
            continue
        ends = [
            end.get("object_id") if isinstance(end := record.get(role), dict) else record.get(f"{role}_id")
            for role in ("subject", "object")
        ]
        draft.add_relation(file, number, ends[0], links.name(record, "predicate"), ends[1], record)
