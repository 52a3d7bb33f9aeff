"""The boxable classes of Open Images (Kuznetsova et al., IJCV 2020), by which concepts are known across languages.

``class-descriptions-boxable.csv`` has a line ``/m/011k07,Tortoise`` a class (version 7 with the header
``LabelName,DisplayName``); ``bbox_labels_600_hierarchy.json`` is a tree of ``{"LabelName": "/m/0bl9f", "Subcategory":
[…], "Part": […]}`` with the root ``/m/0bl9f``, entity.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.text.lines import read_text_lines
from crosscap.vision.annotations.json_fields import list_of
from crosscap.vision.annotations.vocabulary import plain_name

HEADER = ("LabelName", "DisplayName")
ROOT = "/m/0bl9f"
_DEPTH = 50  # levels; Open Images has five


@dataclass(frozen=True)
class OpenImagesClass:
    """A class. ``mid``: its id in the Freebase knowledge graph; ``parents``: ids of the classes it is a kind of."""

    mid: str
    name: str
    parents: tuple[str, ...] = ()


def read_open_images_classes(path: str | Path, hierarchy: str | Path | None = None) -> tuple[OpenImagesClass, ...]:
    """The classes in the file's order, with lowercase names; without ``hierarchy`` they have no parents.

    The root, entity, is nobody's parent, and a part (wheel) no kind of its whole (car).

    Raises:
        InputError: a file is missing or of another layout, or an id stands twice.
    """
    parents = _parents(Path(hierarchy)) if hierarchy is not None else {}
    classes: dict[str, OpenImagesClass] = {}
    for number, line in read_text_lines(path):
        if not line.strip() or (number == 1 and tuple(line.strip().split(",")) == HEADER):
            continue
        cells = next(csv.reader([line]), [])
        if len(cells) != 2 or not cells[0].startswith("/") or not plain_name(cells[1]):
            raise InputError(path, repr(line[:60]), "`/m/011k07,Tortoise`: id and name", record=number)
        if cells[0] in classes:
            raise InputError(path, f"the id {cells[0]} twice", "each id once", record=number)
        classes[cells[0]] = OpenImagesClass(cells[0], plain_name(cells[1]), tuple(parents.get(cells[0], ())))
    if not classes:
        raise InputError(path, "no classes", "a line such as `/m/011k07,Tortoise` a class")
    return tuple(classes.values())


def _parents(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for child, parent in _edges(path, read_json(path), 0):
        if parent != ROOT and parent not in found.setdefault(child, []):
            found[child].append(parent)
    return found


def _edges(path: Path, node: Any, depth: int) -> Iterator[tuple[str, str]]:
    """Every class with the one that it is a kind of."""
    if not isinstance(node, dict) or not isinstance(node.get("LabelName"), str) or depth > _DEPTH:
        raise InputError(path, repr(node)[:60], "a tree of LabelName, Subcategory and Part")
    for child in list_of(node, "Subcategory"):
        if isinstance(child, dict) and isinstance(child.get("LabelName"), str):
            yield child["LabelName"], node["LabelName"]
        yield from _edges(path, child, depth + 1)
    for part in list_of(node, "Part"):
        yield from _edges(path, part, depth + 1)
