"""GQA's scene graphs (Hudson and Manning, CVPR 2019): ``train_sceneGraphs.json``, ``val_sceneGraphs.json``.

``{"2407890": {"width": 640, "height": 480, "objects": {"271881": {"name": "chair", "x": 220, "y": 310, "w": 50,
"h": 80, "attributes": ["brown"], "relations": [{"name": "on", "object": "275312"}]}}}}``, a member a picture. The file
is read twice, first to find the most frequent names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from crosscap.text.captions import image_number
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.annotations.drafts import ImageDraft
from crosscap.vision.annotations.json_fields import corners, integers, list_of
from crosscap.vision.annotations.reading import Reading
from crosscap.vision.annotations.records import OBJECTS, RELATIONS, AnnotationFile
from crosscap.vision.annotations.synonyms import Synonyms
from crosscap.vision.annotations.vocabulary import Vocabulary, most_frequent

FILES = "train_sceneGraphs.json"


def read(reading: Reading) -> Annotations:
    """The pictures of `Reading.pictures`; the file is that of `FILES`.

    Raises:
        InputError: the file is missing, broken or of another layout.
    """
    (file,) = map(reading.open, reading.paths)
    names = reading.names or _count_names(file, reading)
    drafts = []
    for number, (key, entry) in enumerate(_members(file, file.path.name), 1):
        size = integers(entry, "width", "height")
        objects = entry.get("objects") if size else None
        if not isinstance(objects, dict):
            reading.refuse_image(file, number, "no width, height and objects", entry)
            continue
        draft = reading.draft(file, number, image_number(key), key, size, names)
        for id, record in objects.items():
            _add_object(draft, file, number, id, record)
        for id, record in objects.items():
            for relation in list_of(record, "relations"):
                _add_relation(draft, file, number, id, relation)
        drafts.append(draft)
    return reading.finish(drafts, names)


def _members(file: AnnotationFile, what: str) -> Iterator[tuple[str, Any]]:
    stream = file.json()
    for key in progress(stream.members(), what):
        yield key, stream.value()
    stream.end()


def _count_names(file: AnnotationFile, reading: Reading) -> Vocabulary:
    classes, attributes, predicates = Counter[str](), Counter[str](), Counter[str]()
    words = Synonyms()
    for _, entry in _members(file, f"counting the names of {file.path.name}"):
        objects = entry.get("objects") if isinstance(entry, dict) else None
        for record in objects.values() if isinstance(objects, dict) else ():
            classes.update(filter(None, [words.name(record, "name")]))
            attributes.update(filter(None, map(words.plain, list_of(record, "attributes"))))
            predicates.update(filter(None, (words.name(relation, "name") for relation in list_of(record, "relations"))))
    choice = reading.choice
    return Vocabulary(
        most_frequent(classes, choice.classes),
        most_frequent(attributes, choice.attributes),
        most_frequent(predicates, choice.predicates),
    )


def _add_object(draft: ImageDraft, file: AnnotationFile, number: int, id: str, record: Any) -> None:
    if not isinstance(record, dict):
        draft.refuse(file, OBJECTS, number, "no object", record)
        return
    box = corners([record.get(key) for key in "xywh"])
    shown = {"id": id, **record}
    draft.add_object(file, number, id, record.get("name"), box, list_of(record, "attributes"), shown)


def _add_relation(draft: ImageDraft, file: AnnotationFile, number: int, subject: str, relation: Any) -> None:
    if not isinstance(relation, dict):
        draft.refuse(file, RELATIONS, number, "no relation", relation)
        return
    shown = {"subject": subject, **relation}
    draft.add_relation(file, number, subject, relation.get("name"), relation.get("object"), shown)
