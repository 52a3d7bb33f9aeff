from __future__ import annotations

import pytest
import torch

from crosscap.graph.packing import node_names, pack
from crosscap.graph.scene_graph import SceneGraph

HORSE = SceneGraph("1", ("man", "horse", "hat"), ((1, "brown"), (1, "big"), (2, "red")), ((0, "ride", 1),))
EMPTY = SceneGraph("2")
DOG = SceneGraph("3", ("dog",), ((0, "black"),), ())


def test_names_are_collected_once_and_sorted() -> None:
    assert node_names([HORSE, DOG, HORSE]) == ["big", "black", "brown", "dog", "hat", "horse", "man", "red", "ride"]


def test_rows_are_offset_by_the_objects_of_the_graphs_before() -> None:
    row_of = {name: row for row, name in enumerate(node_names([HORSE, DOG]))}
    packed = pack([DOG, EMPTY, HORSE], row_of)
    assert packed.count == 3
    assert packed.objects.tolist() == [3, 6, 5, 4]
    assert packed.object_graph.tolist() == [0, 2, 2, 2]
    assert packed.relations.tolist() == [8]
    assert (packed.subjects.tolist(), packed.targets.tolist()) == ([1], [2])
    assert packed.relation_graph.tolist() == [2]
    assert packed.attributes.tolist() == [1, 2, 0, 7]
    assert packed.holders.tolist() == [0, 2, 3]
    assert packed.attribute_holder.tolist() == [0, 1, 1, 2]
    assert packed.holder_graph.tolist() == [0, 2, 2]


def test_empty_graphs_are_legal() -> None:
    packed = pack([EMPTY, EMPTY], {})
    assert packed.count == 2
    assert all(len(getattr(packed, name)) == 0 for name in ("objects", "relations", "attributes", "holders"))
    assert packed.objects.dtype == torch.int64


def test_a_name_without_a_row_is_an_error() -> None:
    with pytest.raises(KeyError, match="dog"):
        pack([DOG], {"black": 0})
