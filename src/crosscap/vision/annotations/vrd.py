"""VRD, Visual Relationship Detection (Lu et al., ECCV 2016): triples of boxed objects.

``annotations_train.json`` holds ``{file name: [{"subject": S, "predicate": 3, "object": O}]}``, where S and O are
``{"category": 0, "bbox": [ymin, ymax, xmin, xmax]}``. ``objects.json`` and ``predicates.json`` list the names of the
numbers, which count from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeGuard

from crosscap.text.captions import image_number
from crosscap.text.source_file import Quarantined
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.annotations.drafts import ImageDraft
from crosscap.vision.annotations.pictures import PictureFolder
from crosscap.vision.annotations.reading import Reading, drop
from crosscap.vision.annotations.records import RELATIONS, AnnotationFile
from crosscap.vision.annotations.vocabulary import Vocabulary, once, read_name_list

FILES = "annotations_train.json, objects.json, predicates.json"
_ENDS = ("subject", "object")


def read_vrd(
    annotations: str | Path,
    objects: str | Path,
    predicates: str | Path,
    pictures: str | Path,
    sink: Callable[[Quarantined], None] = drop,
) -> Annotations:
    """VRD's annotations of the pictures in folder ``pictures``.

    VRD states no sizes, so they are the pictures' own. An object is what has one class and one box in a picture.

    Args:
        sink: takes the records that are left out.

    Raises:
        InputError: a file is missing, broken or of another layout, or annotates none of the pictures.
    """
    return read(Reading((annotations, objects, predicates), PictureFolder(pictures), sink=sink))


def read(reading: Reading) -> Annotations:
    """See `read_vrd`; the files are `FILES`."""
    file, objects, predicates = map(reading.open, reading.paths)
    classes, relations = read_name_list(objects), read_name_list(predicates)
    names = reading.names or Vocabulary(once(classes), (), once(relations))
    drafts = []
    stream = file.json()
    for number, name in enumerate(progress(stream.members(), file.path.name), 1):
        triples = stream.value()
        if not isinstance(triples, list):
            reading.refuse_image(file, number, "no list of triples", triples)
            continue
        stem = Path(name).stem
        draft = reading.draft(file, number, image_number(stem), stem, None, names)
        _add_triples(draft, file, number, triples, classes, relations)
        drafts.append(draft)
    stream.end()
    return reading.finish(drafts, names)


def _add_triples(
    draft: ImageDraft,
    file: AnnotationFile,
    number: int,
    triples: Sequence[Any],
    classes: Sequence[str],
    predicates: Sequence[str],
) -> None:
    seen = set[tuple[Any, ...]]()
    for triple in triples:
        ends = [end for key in _ENDS if isinstance(triple, dict) and _is_object(end := triple.get(key))]
        if len(ends) != len(_ENDS):
            draft.refuse(file, RELATIONS, number, "no triple of subject, predicate and object", triple)
            continue
        keys = []
        for end in ends:
            y0, y1, x0, x1 = end["bbox"]
            keys.append((end["category"], x0, y0, x1, y1))
            if keys[-1] not in seen:
                seen.add(keys[-1])
                name = _named(classes, end["category"])
                draft.add_object(file, number, keys[-1], name, (x0, y0, x1, y1), record=end)
        predicate = _named(predicates, triple.get("predicate"))
        draft.add_relation(file, number, keys[0], predicate, keys[1], triple)


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether it has a class number and a box of four numbers, so that it can be told from others."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("category"), int)
        and isinstance(value.get("bbox"), list)
        and len(value["bbox"]) == 4
        and all(isinstance(number, int | float) for number in value["bbox"])
    )


def _named(names: Sequence[str], row: Any) -> str | None:
    return names[row] if isinstance(row, int) and not isinstance(row, bool) and 0 <= row < len(names) else None
