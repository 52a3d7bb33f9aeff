"""What a model knows of the names in scene graphs: their vectors, and their translation's vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from crosscap.graph.packing import PackedGraphs, node_names, pack
from crosscap.graph.scene_graph import SceneGraph
from crosscap.vectors.lookup import AlignedVectors


@dataclass(frozen=True)
class NodeTable:
    """W distinct names and their fixed vectors of size E.

    Attributes:
        row_of: the row of each name.
        source: [W, E] vector of the English name; zeros for a name without a known word.
        retrieved: [W, E] vector of the most similar word of the target language (f_Word of UNISON eq. 4).
        symbols: [W, tokens] for models whose nodes are symbols, see `SymbolicNodes.rows`.
    """

    row_of: dict[str, int]
    source: Tensor
    retrieved: Tensor
    symbols: Tensor | None = None

    @classmethod
    def build(cls, graphs: Iterable[SceneGraph], vectors: AlignedVectors) -> NodeTable:
        """The table of every name in ``graphs``, also of names that no training graph held.

        For a model, use `Unison.node_table`: some know names by more than vectors.
        """
        names = node_names(graphs)
        rows = {name: row for row, name in enumerate(names)}
        return cls(rows, scaled(vectors.source_matrix(names)), scaled(vectors.retrieved_matrix(names)))

    def to(self, device: torch.device | str) -> NodeTable:
        symbols = None if self.symbols is None else self.symbols.to(device)
        return NodeTable(self.row_of, self.source.to(device), self.retrieved.to(device), symbols)

    def pack(self, graphs: Sequence[SceneGraph]) -> PackedGraphs:
        """Pack graphs whose names are all in the table, on the table's device."""
        return pack(graphs, self.row_of).to(self.source.device)


def scaled(vectors: Tensor) -> Tensor:
    """Rows of unit length -> rows whose elements are about 1 in size, as a layer expects its input; zeros stay."""
    return vectors * vectors.shape[1] ** 0.5
