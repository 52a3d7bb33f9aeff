"""Scene graphs as Parquet rows, validated on read and write."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.io.tables import read_table, write_table

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("objects", pa.list_(pa.string())),
        ("attributes", pa.list_(pa.struct([("object", pa.int32()), ("name", pa.string())]))),
        (
            "relations",
            pa.list_(pa.struct([("subject", pa.int32()), ("predicate", pa.string()), ("object", pa.int32())])),
        ),
        ("boxes", pa.list_(pa.list_(pa.float32(), 4))),
        ("scores", pa.list_(pa.float32())),
        ("feature_rows", pa.list_(pa.int64())),
    ]
)


def to_row(graph: SceneGraph) -> dict[str, Any]:
    """The graph as plain lists and dictionaries: a Parquet row, or JSON."""
    return {
        "id": graph.id,
        "objects": list(graph.objects),
        "attributes": [{"object": owner, "name": name} for owner, name in graph.attributes],
        "relations": [{"subject": s, "predicate": p, "object": o} for s, p, o in graph.relations],
        "boxes": [list(box) for box in graph.boxes],
        "scores": list(graph.scores),
        "feature_rows": list(graph.feature_rows),
    }


def from_row(row: dict[str, Any]) -> SceneGraph:
    """The reverse of `to_row`; a missing ``boxes``, ``scores`` or ``feature_rows`` means none.

    Raises:
        ValueError, KeyError, TypeError: the row is no valid graph.
    """
    return SceneGraph(
        id=str(row["id"]),
        objects=tuple(row["objects"]),
        attributes=tuple((a["object"], a["name"]) for a in row.get("attributes") or ()),
        relations=tuple((r["subject"], r["predicate"], r["object"]) for r in row.get("relations") or ()),
        boxes=tuple(tuple(box) for box in row.get("boxes") or ()),
        scores=tuple(row.get("scores") or ()),
        feature_rows=tuple(row.get("feature_rows") or ()),
    )


def write_graphs(path: str | Path, graphs: Iterable[SceneGraph]) -> None:
    write_table(path, (to_row(graph) for graph in graphs), SCHEMA)


def read_graphs(path: str | Path) -> list[SceneGraph]:
    """Read graphs, checking every row.

    Raises:
        InputError: no such table, or a row that is no valid graph (the row's number is named).
    """
    graphs = []
    for number, row in enumerate(read_table(path, SCHEMA.names)):
        try:
            graphs.append(from_row(row))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(path, str(error), "a valid scene graph", record=f"row {number}") from None
    return graphs
