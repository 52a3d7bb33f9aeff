"""Many scene graphs as a few flat tensors: padding cannot leak, because there is none.

Legend of shapes in this project: B graphs, N objects, R relations, A attributes, H objects that have attributes,
W distinct names, D features.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from crosscap.graph.scene_graph import SceneGraph


@dataclass(frozen=True)
class PackedGraphs:
    """A batch of B graphs. Every tensor is int64; names are rows of a table of W names.

    Attributes:
        count: B.
        objects: [N] name of each object.
        object_graph: [N] the graph it belongs to, ascending.
        relations: [R] name of each predicate.
        subjects: [R] row of its subject among the N objects.
        targets: [R] row of its object among the N objects.
        relation_graph: [R] the graph it belongs to, ascending.
        attributes: [A] name of each attribute.
        holders: [H] rows of the objects that have attributes, ascending.
        attribute_holder: [A] position in ``holders`` of the object it belongs to.
        holder_graph: [H] the graph each holder belongs to, ascending.
    """

    count: int
    objects: Tensor
    object_graph: Tensor
    relations: Tensor
    subjects: Tensor
    targets: Tensor
    relation_graph: Tensor
    attributes: Tensor
    holders: Tensor
    attribute_holder: Tensor
    holder_graph: Tensor

    def to(self, device: torch.device | str) -> PackedGraphs:
        tensors = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "count"}
        return PackedGraphs(self.count, **{name: tensor.to(device) for name, tensor in tensors.items()})


def node_names(graphs: Iterable[SceneGraph]) -> list[str]:
    """Every object, attribute and predicate name of ``graphs`` once, sorted."""
    names: set[str] = set()
    for graph in graphs:
        names.update(graph.objects)
        names.update(name for _, name in graph.attributes)
        names.update(predicate for _, predicate, _ in graph.relations)
    return sorted(names)


def pack(graphs: Sequence[SceneGraph], row_of: Mapping[str, int]) -> PackedGraphs:
    """Pack ``graphs``; ``row_of`` gives the row of each name in the caller's table of names.

    Raises:
        KeyError: a name has no row.
    """
    objects: list[int] = []
    object_graph: list[int] = []
    relations: list[tuple[int, int, int, int]] = []
    attributes: list[tuple[int, int]] = []
    for number, graph in enumerate(graphs):
        first = len(objects)
        objects.extend(row_of[name] for name in graph.objects)
        object_graph.extend([number] * len(graph.objects))
        relations.extend((row_of[p], first + s, first + o, number) for s, p, o in graph.relations)
        attributes.extend((row_of[name], first + owner) for owner, name in graph.attributes)
    graph_of_object = _integers(object_graph)
    relation_columns = torch.tensor(relations, dtype=torch.int64).reshape(-1, 4)
    attribute_columns = torch.tensor(attributes, dtype=torch.int64).reshape(-1, 2)
    holders, attribute_holder = torch.unique(attribute_columns[:, 1], return_inverse=True)
    return PackedGraphs(
        count=len(graphs),
        objects=_integers(objects),
        object_graph=graph_of_object,
        relations=relation_columns[:, 0],
        subjects=relation_columns[:, 1],
        targets=relation_columns[:, 2],
        relation_graph=relation_columns[:, 3],
        attributes=attribute_columns[:, 0],
        holders=holders,
        attribute_holder=attribute_holder,
        holder_graph=graph_of_object[holders],
    )


def _integers(values: list[int]) -> Tensor:
    return torch.tensor(values, dtype=torch.int64)
