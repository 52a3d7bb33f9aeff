"""An annotated picture while its objects and relations are read: each is checked, and kept or set aside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum
from typing import Any

import numpy as np

from crosscap.vision.annotations.annotated_images import AnnotatedImage
from crosscap.vision.annotations.records import ATTRIBUTES, OBJECTS, RELATIONS, AnnotationFile
from crosscap.vision.annotations.vocabulary import Vocabulary, plain_name

Box = tuple[float, float, float, float]
Key = int | str | tuple[Any, ...]
"""What tells the objects of a picture apart; JSON may hold anything else in its place, which is refused."""
_KEY = (int, str, tuple)


class State(Enum):
    """What becomes of a record, and of those that belong to it."""

    KEPT = "kept"
    UNSELECTED = "not asked for"
    LEFT_OUT = "left out"


def fitted_box(values: Any, width: int, height: int) -> Box | str:
    """A box ``x0, y0, x1, y1`` cut to a picture of ``width`` x ``height`` pixels, or why it cannot be used."""
    if len(values) != 4 or any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        return "no box of four numbers"
    try:
        x0, y0, x1, y1 = map(float, values)
    except OverflowError:
        return "no box of finite numbers"
    if not all(map(math.isfinite, (x0, y0, x1, y1))):
        return "no box of finite numbers"
    if x1 <= x0 or y1 <= y0:
        return "empty box"
    if x0 >= width or y0 >= height or x1 <= 0 or y1 <= 0:
        return "box outside the picture"
    box = max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height))
    if box[2] - box[0] < 1 or box[3] - box[1] < 1:
        return "box smaller than a pixel"
    return box


class ImageDraft:
    """Takes the records of one picture in any order of files, objects before their attributes and relations.

    A draft that is not `State.KEPT` itself only counts what belongs to it.
    """

    def __init__(
        self, id: int, file_name: str, width: int, height: int, names: Vocabulary, state: State = State.KEPT
    ) -> None:
        self.id, self.file_name, self.width, self.height = id, file_name, width, height
        self.state = state
        self._names = names
        self._rows: dict[Key, int] = {}
        self._gone: dict[Key, State] = {}  # objects that were read and not kept
        self._boxes: list[Box] = []
        self._labels: list[int] = []
        self._attributes: list[list[str]] = []
        self._relations: dict[tuple[int, str, int], None] = {}

    def add_object(
        self,
        file: AnnotationFile,
        number: int,
        key: Any,
        name: Any,
        box: Any,
        attributes: Sequence[Any] = (),
        record: Any = "",
    ) -> None:
        """Check and take an object.

        Args:
            file, number: the file and the entry of it where the object stands.
            key: what attributes and relations name the object by.
            name: of its class, None if the file does not define the class that the object has.
            box: ``x0, y0, x1, y1`` in pixels.
            attributes: their names.
            record: shown in the quarantine.
        """
        file.reads(OBJECTS)
        state = self._object_state(file, number, key, name, box, record)
        if state is State.KEPT:
            file.keeps(OBJECTS)
        elif isinstance(key, _KEY) and key not in self._rows:
            self._gone[key] = state
        if attributes:
            stands = state is State.KEPT
            for attribute in attributes:
                if stands:
                    self.add_attribute(file, number, key, attribute, record)
                else:
                    file.reads(ATTRIBUTES)
                    _go_with(file, ATTRIBUTES, state, "object left out")

    def _object_state(self, file: AnnotationFile, number: int, key: Any, name: Any, values: Any, record: Any) -> State:
        if self.state is not State.KEPT:
            _go_with(file, OBJECTS, self.state, "image left out")
            return self.state
        if not isinstance(key, _KEY):
            return _aside(file, OBJECTS, number, "no object id", record)
        if key in self._rows or key in self._gone:
            return _aside(file, OBJECTS, number, f"object id stands twice: {key}", record)
        if not isinstance(name, str):
            return _aside(file, OBJECTS, number, "unknown class", record)
        label = self._names.class_rows.get(plain_name(name))
        if label is None:
            file.passes(OBJECTS)
            return State.UNSELECTED
        box = fitted_box(values, self.width, self.height)
        if isinstance(box, str):
            return _aside(file, OBJECTS, number, box, record)
        self._rows[key] = len(self._boxes)
        self._boxes.append(box)
        self._labels.append(label)
        self._attributes.append([])
        return State.KEPT

    def add_attribute(self, file: AnnotationFile, number: int, key: Any, name: Any, record: Any = "") -> None:
        """Check and take an attribute of the object ``key``; ``name`` as in `add_object`."""
        file.reads(ATTRIBUTES)
        if self._missing_end(file, ATTRIBUTES, number, (key,), record):
            return
        if not isinstance(name, str) or not plain_name(name):
            _aside(file, ATTRIBUTES, number, "unknown attribute", record)
            return
        name, owned = plain_name(name), self._attributes[self._rows[key]]
        if name not in self._names.attribute_rows:
            file.passes(ATTRIBUTES)
        elif name in owned:
            _aside(file, ATTRIBUTES, number, f"attribute stands twice: {name}", record)
        else:
            owned.append(name)
            file.keeps(ATTRIBUTES)

    def add_relation(
        self, file: AnnotationFile, number: int, subject: Any, predicate: Any, other: Any, record: Any = ""
    ) -> None:
        """Check and take a relation between the objects ``subject`` and ``other``; ``predicate`` is a name, or None."""
        file.reads(RELATIONS)
        if self._missing_end(file, RELATIONS, number, (subject, other), record):
            return
        if not isinstance(predicate, str) or not plain_name(predicate):
            _aside(file, RELATIONS, number, "unknown predicate", record)
            return
        predicate = plain_name(predicate)
        triple = self._rows[subject], predicate, self._rows[other]
        if predicate not in self._names.predicate_rows:
            file.passes(RELATIONS)
        elif triple[0] == triple[2]:
            _aside(file, RELATIONS, number, f"object related to itself: {predicate}", record)
        elif triple in self._relations:
            _aside(file, RELATIONS, number, f"relation stands twice: {predicate}", record)
        else:
            self._relations[triple] = None
            file.keeps(RELATIONS)

    def refuse(self, file: AnnotationFile, kind: str, number: int, reason: str, record: Any) -> None:
        """Set aside what is no record of its kind at all."""
        file.reads(kind)
        if self.state is State.KEPT:
            file.set_aside(kind, number, reason, record, malformed=True)
        else:
            _go_with(file, kind, self.state, "image left out")

    def pass_object(self, file: AnnotationFile, key: Any) -> None:
        """Count an object that is not asked for, and neither are its relations."""
        file.reads(OBJECTS)
        file.passes(OBJECTS)
        if isinstance(key, _KEY) and key not in self._rows:
            self._gone.setdefault(key, State.UNSELECTED)

    def leave(self, file: AnnotationFile, kind: str, count: int) -> None:
        """Count records of a picture that is not kept, without a look at them."""
        file.reads(kind, count)
        _go_with(file, kind, self.state, "image left out", count)

    def alias(self, key: Any, other: Any) -> None:
        """``other`` names the same object as ``key``: it was merged into it."""
        if not (isinstance(key, _KEY) and isinstance(other, _KEY)):
            return
        if other not in self._rows and other not in self._gone:
            if key in self._rows:
                self._rows[other] = self._rows[key]
            elif key in self._gone:
                self._gone[other] = self._gone[key]

    def _missing_end(self, file: AnnotationFile, kind: str, number: int, keys: Sequence[Any], record: Any) -> bool:
        """Count the record and say so if the picture or one of its objects ``keys`` is not kept."""
        if self.state is not State.KEPT:
            _go_with(file, kind, self.state, "image left out")
            return True
        missing = [key for key in keys if not isinstance(key, _KEY) or key not in self._rows]
        if not missing:
            return False
        gone = [self._gone.get(key) if isinstance(key, _KEY) else None for key in missing]
        if None in gone:
            _aside(file, kind, number, f"unknown object: {missing[gone.index(None)]}", record)
        elif State.LEFT_OUT in gone:
            _go_with(file, kind, State.LEFT_OUT, "object left out")
        else:
            file.passes(kind)
        return True

    def finish(self) -> AnnotatedImage:
        return AnnotatedImage(
            id=self.id,
            file_name=self.file_name,
            width=self.width,
            height=self.height,
            boxes=np.array(self._boxes, dtype=np.float32).reshape(-1, 4),
            labels=np.array(self._labels, dtype=np.int64),
            attributes=tuple(map(tuple, self._attributes)),
            relations=tuple(self._relations),
        )


def _aside(file: AnnotationFile, kind: str, number: int, reason: str, record: Any) -> State:
    file.set_aside(kind, number, reason, record)
    return State.LEFT_OUT


def _go_with(file: AnnotationFile, kind: str, state: State, reason: str, count: int = 1) -> None:
    """Count records that share the fate of the one they belong to."""
    if state is State.UNSELECTED:
        file.passes(kind, count)
    else:
        file.loses(kind, count, reason)
