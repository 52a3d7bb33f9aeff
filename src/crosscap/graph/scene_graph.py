"""The scene graph: one shape for sentences and images."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Attribute = tuple[int, str]
Relation = tuple[int, str, int]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class SceneGraph:
    """Objects, their attributes and the relations between them, in English lowercase lemmas.

    Attributes:
        id: stable identifier (pair id, or image id as text).
        objects: N object names.
        attributes: A pairs ``(object index, attribute name)``.
        relations: R triples ``(subject index, predicate, object index)``.
        boxes: for images, N boxes ``x0, y0, x1, y1`` in pixels; empty for sentences.
        scores: for images, N detection scores in [0, 1]; empty for sentences.
        feature_rows: for images, the row of each object in the feature array; empty for none.
    """

    id: str
    objects: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    relations: tuple[Relation, ...] = ()
    boxes: tuple[Box, ...] = ()
    scores: tuple[float, ...] = ()
    feature_rows: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        count = len(self.objects)
        for name in (*self.objects, *(name for _, name in self.attributes), *(p for _, p, _ in self.relations)):
            if not name or name != name.strip().lower():
                raise ValueError(f"graph {self.id!r}: found name {name!r}, expected lowercase without outer spaces")
        for owner, _ in self.attributes:
            if not 0 <= owner < count:
                raise ValueError(f"graph {self.id!r}: attribute of object {owner}, but there are {count} objects")
        for subject, predicate, other in self.relations:
            if not (0 <= subject < count and 0 <= other < count):
                raise ValueError(
                    f"graph {self.id!r}: relation {(subject, predicate, other)} leaves the {count} objects"
                )
        for field, values in (("boxes", self.boxes), ("scores", self.scores), ("feature rows", self.feature_rows)):
            if values and len(values) != count:
                raise ValueError(f"graph {self.id!r}: {len(values)} {field} for {count} objects")

    def tuples(self) -> set[tuple[str, ...]]:
        """The graph as SPICE compares it: ``(object,)``, ``(object, attribute)``, ``(subject, predicate, object)``."""
        names = self.objects
        return (
            {(name,) for name in names}
            | {(names[owner], name) for owner, name in self.attributes}
            | {(names[subject], predicate, names[other]) for subject, predicate, other in self.relations}
        )


def merge(id: str, graphs: Iterable[SceneGraph]) -> SceneGraph:
    """Union of sentence graphs: equal names become one node (SPICE), first occurrence gives the order."""
    index: dict[str, int] = {}
    attributes: dict[Attribute, None] = {}
    relations: dict[Relation, None] = {}
    for graph in graphs:
        rows = [index.setdefault(name, len(index)) for name in graph.objects]
        attributes.update({(rows[owner], name): None for owner, name in graph.attributes})
        relations.update({(rows[s], predicate, rows[o]): None for s, predicate, o in graph.relations})
    return SceneGraph(id, tuple(index), tuple(attributes), tuple(relations))
