"""Which label of a detector, or of an imported graph, becomes which name: the user's aliases, then the text's form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.graph.rules.label_names import ObjectName, PredicateName, attribute_names, object_name, predicate_name
from crosscap.graph.scene_graph import Attribute, Relation, SceneGraph

Aliases = Mapping[str, str]
"""Label -> the label that it stands for."""


@dataclass(frozen=True)
class LabelForm:
    """How labels are brought to names.

    Attributes:
        normalise: use the form of `crosscap.graph.rules.label_names`; else labels are lowercased and stay.
        object_aliases, relationship_aliases: of objects, of predicates.
    """

    normalise: bool = True
    object_aliases: Aliases = field(default_factory=dict)
    relationship_aliases: Aliases = field(default_factory=dict)


@dataclass(frozen=True)
class LabelTable:
    """Names by label. ``objects["street light"]`` is light with the attribute street."""

    objects: Mapping[str, ObjectName]
    attributes: Mapping[str, tuple[str, ...]]
    predicates: Mapping[str, PredicateName]

    @classmethod
    def of(
        cls, objects: Iterable[str], attributes: Iterable[str], predicates: Iterable[str], form: LabelForm
    ) -> LabelTable:
        """The names of all labels, each once, in their order."""

        def said(label: str, aliases: Aliases) -> str:
            plain = _plain(label)
            return aliases.get(plain, plain)

        things, relationships = form.object_aliases, form.relationship_aliases
        return cls(
            {label: object_name(said(label, things)) if form.normalise else ObjectName(said(label, things))
             for label in objects},
            {label: attribute_names(_plain(label)) if form.normalise else (_plain(label),) for label in attributes},
            {label: predicate_name(said(label, relationships)) if form.normalise
             else PredicateName(said(label, relationships)) for label in predicates},
        )  # fmt: skip

    def rows(self) -> dict[str, dict[str, Any]]:
        """As ``labels.json`` of docs/contracts.md."""
        return {
            "objects": {label: name._asdict() for label, name in self.objects.items()},
            "attributes": {label: list(names) for label, names in self.attributes.items()},
            "predicates": {label: name._asdict() for label, name in self.predicates.items()},
        }

    def named(self, graph: SceneGraph) -> SceneGraph:
        """``graph`` with names for labels; what becomes equal (an attribute, a triple) is said once."""
        things = [self.objects[label] for label in graph.objects]
        attributes: dict[Attribute, None] = {
            (row, part): None for row, thing in enumerate(things) for part in thing.attributes
        }
        attributes |= {(owner, name): None for owner, label in graph.attributes for name in self.attributes[label]}
        relations: dict[Relation, None] = {}
        for subject, label, other in graph.relations:
            name, turned = self.predicates[label]
            relations[(other, name, subject) if turned else (subject, name, other)] = None
        return SceneGraph(
            graph.id,
            tuple(thing.name for thing in things),
            tuple(attributes),
            tuple(relations),
            graph.boxes,
            graph.scores,
            graph.feature_rows,
        )


def labels_of(graphs: Iterable[SceneGraph]) -> tuple[list[str], list[str], list[str]]:
    """The labels of objects, attributes and predicates in ``graphs``, sorted."""
    objects, attributes, predicates = set[str](), set[str](), set[str]()
    for graph in graphs:
        objects.update(graph.objects)
        attributes.update(name for _, name in graph.attributes)
        predicates.update(predicate for _, predicate, _ in graph.relations)
    return sorted(objects), sorted(attributes), sorted(predicates)


def read_aliases(path: str | Path) -> dict[str, str]:
    """Read a list in the form of Visual Genome's ``object_alias.txt``: ``label,alias,alias``, a line a label.

    A label that an earlier line calls an alias stands for what that line says; an alias of two lines belongs to the
    last (as the scene-graph benchmarks read these files). Case and spaces around labels do not matter.

    Raises:
        InputError: no such file, no UTF-8, or no line with an alias.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        found = "no UTF-8 text" if isinstance(error, UnicodeDecodeError) else "no such file"
        raise InputError(path, found, "lines 'label,alias,alias'", "Check the alias lists of image_graphs.") from None
    aliases: dict[str, str] = {}
    for line in lines:
        words = [_plain(word) for word in line.split(",") if word.strip()]
        if len(words) > 1:
            aliases.update(dict.fromkeys(words, aliases.get(words[0], words[0])))
    if not aliases:
        raise InputError(path, "no alias", "lines 'label,alias,alias'", "Check the alias lists of image_graphs.")
    return aliases


def _plain(label: str) -> str:
    return " ".join(label.lower().split()) or "_"
