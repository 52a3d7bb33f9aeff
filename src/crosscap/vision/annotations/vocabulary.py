"""The names that a data set's labels, attributes and predicates are drawn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crosscap.errors import InputError
from crosscap.vision.annotations.records import AnnotationFile


def plain_name(name: str) -> str:
    """``name`` as graphs write it: lowercase, single spaces, none outside."""
    return " ".join(name.lower().split())


@dataclass(frozen=True)
class Vocabulary:
    """Names in the order of their rows; those of the three lists are found by name."""

    classes: tuple[str, ...]
    attributes: tuple[str, ...]
    predicates: tuple[str, ...]

    @cached_property
    def class_rows(self) -> Mapping[str, int]:
        return {name: row for row, name in enumerate(self.classes)}

    @cached_property
    def attribute_rows(self) -> Mapping[str, int]:
        return {name: row for row, name in enumerate(self.attributes)}

    @cached_property
    def predicate_rows(self) -> Mapping[str, int]:
        return {name: row for row, name in enumerate(self.predicates)}


def most_frequent(counts: Counter[str], limit: int | None) -> tuple[str, ...]:
    """The ``limit`` most frequent names, None for all; equally frequent ones by the alphabet."""
    return tuple(sorted(counts, key=lambda name: (-counts[name], name))[:limit])


def once(names: Iterable[str]) -> tuple[str, ...]:
    """``names`` in their order, each once: two that differ in case alone are one."""
    return tuple(dict.fromkeys(names))


def read_name_list(file: AnnotationFile) -> list[str]:
    """The names of a file that is one JSON list of them, by their number from 0.

    Raises:
        InputError: another JSON value, or a name that is empty.
    """
    names = checked_names(file, file.json_value(), 'a list of names such as ["person", "sky"]')
    file.checked("names", len(names))
    return names


def checked_names(file: AnnotationFile, names: Any, expected: str) -> list[str]:
    """``names`` in plain form.

    Raises:
        InputError: they are no list of names.
    """
    if not (isinstance(names, Sequence) and not isinstance(names, str) and names):
        raise InputError(file.path, f"{str(names)[:60]!r}", expected)
    for row, name in enumerate(names):
        if not isinstance(name, str) or not plain_name(name) or not is_text(name):
            raise InputError(file.path, f"{str(name)[:60]!r}", expected, record=f"name {row}")
    return [plain_name(name) for name in names]


def is_text(name: str) -> bool:
    """Whether UTF-8 can write it: JSON may hold halves of surrogate pairs."""
    return not any("\ud800" <= character <= "\udfff" for character in name)
