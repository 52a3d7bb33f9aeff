"""The scene graph and its table."""

from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph, merge
from crosscap.graph.tables import SCHEMA, read_graphs, to_row, write_graphs
from crosscap.io.tables import write_table

RIDE = SceneGraph("1", ("man", "horse"), ((1, "brown"),), ((0, "ride", 1),))


def test_tuples_are_objects_attributes_and_relations() -> None:
    assert RIDE.tuples() == {("man",), ("horse",), ("horse", "brown"), ("man", "ride", "horse")}


def test_merging_joins_equal_names_and_keeps_every_tuple() -> None:
    hat = SceneGraph("2", ("hat", "man"), ((0, "red"),), ((1, "wear", 0),))
    merged = merge("both", [RIDE, hat, RIDE])
    assert merged.objects == ("man", "horse", "hat")
    assert merged.tuples() == RIDE.tuples() | hat.tuples()
    assert len(merged.relations) == 2


def test_graphs_come_back_from_a_table_as_they_went(tmp_path: Path) -> None:
    image = SceneGraph("3", ("dog",), (), (), ((0.0, 1.0, 8.0, 9.5),), (0.5,), (7,))
    graphs = [RIDE, image, SceneGraph("empty")]
    write_graphs(tmp_path / "g.parquet", graphs)
    assert read_graphs(tmp_path / "g.parquet") == graphs


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"objects": ("Man",)}, "found name 'Man', expected lowercase"),
        ({"objects": ("man",), "attributes": ((1, "tall"),)}, "attribute of object 1, but there are 1"),
        ({"objects": ("man",), "relations": ((0, "ride", 1),)}, "leaves the 1 objects"),
        ({"objects": ("man",), "boxes": ((0, 0, 1, 1), (0, 0, 1, 1))}, "2 boxes for 1 objects"),
    ],
)
def test_an_invalid_graph_cannot_be_made(fields: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SceneGraph("x", **fields)


def test_an_invalid_row_is_named_with_its_number(tmp_path: Path) -> None:
    bad = {**to_row(RIDE), "relations": [{"subject": 0, "predicate": "ride", "object": 5}]}
    write_table(tmp_path / "g.parquet", [to_row(RIDE), bad], SCHEMA)
    with pytest.raises(InputError, match=r"g\.parquet, row 1: .*leaves the 2 objects"):
        read_graphs(tmp_path / "g.parquet")
