"""Hierarchical graph mapping (HGM): English graph nodes -> embeddings in the target language (UNISON eqs. 4-6).

One module holds every variant of the paper's tables 3 to 5; a variant says which levels it sees and how they join:

=============  ================  ==========================================
``gen``        (none)            learned English embeddings, no mapping
``gm_word``    word              the retrieved target vector alone
``gm_word_sub``  word, sub       concatenated, Linear
``hgm_base``   word, sub, full   concatenated, Linear
``hgm``        word, sub, full   self-gate: a weighted sum per node
=============  ================  ==========================================

``gm_base`` (a symbolic graph translated word by word by a translator) needs the translator's output and is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from crosscap.graph.packing import PackedGraphs
from crosscap.nn.attention_pooling import AttentionPooling
from crosscap.nn.graph_convolution import NodeEmbeddings, fully_connected
from crosscap.nn.scatter import degree, scatter_sum
from crosscap.systems.unison.nodes import NodeTable

Level = Literal["word", "sub", "full"]
Fusion = Literal["none", "concat", "gate"]


@dataclass(frozen=True)
class Variant:
    """A row of the paper's tables: the levels of the mapping, and how an object node joins them."""

    levels: tuple[Level, ...]
    fusion: Fusion


VARIANTS: dict[str, Variant] = {
    "gen": Variant((), "none"),
    "gm_word": Variant(("word",), "none"),
    "gm_word_sub": Variant(("word", "sub"), "concat"),
    "hgm_base": Variant(("word", "sub", "full"), "concat"),
    "hgm": Variant(("word", "sub", "full"), "gate"),
}


class SubGraphMapping(nn.Module):
    """f_Sub: the mean over a node's neighbours of the convolution of both vectors, then a linear map.

    As the paper, without a term for the node itself: a node without relations has only the linear map's bias.
    """

    def __init__(self, vector_size: int, size: int, dropout: float) -> None:
        super().__init__()
        self.as_subject = fully_connected(2 * vector_size, size, dropout)
        self.as_target = fully_connected(2 * vector_size, size, dropout)
        self.map = nn.Linear(size, size)

    def forward(self, vectors_NE: Tensor, graphs: PackedGraphs) -> Tensor:
        count = len(vectors_NE)
        pairs = torch.cat([vectors_NE[graphs.subjects], vectors_NE[graphs.targets]], dim=1)  # [R, 2E]
        total = scatter_sum(self.as_subject(pairs), graphs.subjects, count)
        total = total + scatter_sum(self.as_target(pairs), graphs.targets, count)
        neighbours = degree(graphs.subjects, count) + degree(graphs.targets, count)
        mapped: Tensor = self.map(total / neighbours.clamp(min=1).unsqueeze(1))
        return mapped


class FullGraphMapping(nn.Module):
    """f_Full: attention over all objects of the graph, then a linear map; every node of a graph gets the same."""

    def __init__(self, vector_size: int, size: int) -> None:
        super().__init__()
        self.pool = AttentionPooling(vector_size)
        self.map = nn.Linear(vector_size, size)

    def forward(self, vectors_NE: Tensor, graphs: PackedGraphs) -> Tensor:
        pooled_BD = self.map(self.pool(vectors_NE, graphs.object_graph, graphs.count))
        mapped: Tensor = pooled_BD[graphs.object_graph]
        return mapped


class SelfGate(nn.Module):
    """One weight per level for each node, from its word-level embedding (UNISON eq. 6): three layers, softmax.

    The released code has one gate per graph after pooling instead; that variant is left for later.
    """

    def __init__(self, size: int, levels: int) -> None:
        super().__init__()
        self.score = nn.Sequential(
            nn.Linear(size, size // 2), nn.ReLU(), nn.Linear(size // 2, 64), nn.ReLU(), nn.Linear(64, levels)
        )

    def forward(self, word_ND: Tensor) -> Tensor:
        """[N, D] -> weights [N, L] that sum to 1."""
        weights: Tensor = self.score(word_ND).softmax(dim=1)
        return weights


class GraphMapping(nn.Module):
    """Embeddings of a graph's nodes for the target language's encoder.

    Objects take all levels of the variant; relations and attributes the word level alone (UNISON eq. 4).

    Args:
        word_map: Linear E -> D from a target vector to an embedding. It is shared with the decoder's input words, as
            in the released code, so that a retrieved word means the same on both sides.
    """

    def __init__(self, variant: Variant, word_map: nn.Linear, dropout: float) -> None:
        super().__init__()
        vector_size, size = word_map.in_features, word_map.out_features
        self.variant = variant
        self.word_map = word_map
        if "sub" in variant.levels:
            self.sub = SubGraphMapping(vector_size, size, dropout)
        if "full" in variant.levels:
            self.full = FullGraphMapping(vector_size, size)
        if variant.fusion == "gate":
            self.gate = SelfGate(size, len(variant.levels))
        if variant.fusion == "concat":
            self.join = nn.Linear(len(variant.levels) * size, size)

    def forward(self, table: NodeTable, graphs: PackedGraphs) -> NodeEmbeddings:
        embedded = self.word_map(table.retrieved)  # [W, D]
        return NodeEmbeddings(
            objects=self.fuse(self.object_levels(embedded, table, graphs)),
            relations=embedded[graphs.relations],
            attributes=embedded[graphs.attributes],
        )

    def object_levels(self, embedded_WD: Tensor, table: NodeTable, graphs: PackedGraphs) -> list[Tensor]:
        """The embeddings [N, D] of the objects at each level of the variant, word level first."""
        vectors = table.source[graphs.objects]
        levels = [embedded_WD[graphs.objects]]
        if "sub" in self.variant.levels:
            levels.append(self.sub(vectors, graphs))
        if "full" in self.variant.levels:
            levels.append(self.full(vectors, graphs))
        return levels

    def fuse(self, levels: list[Tensor]) -> Tensor:
        """Join the levels of each object: L tensors [N, D] -> [N, D] (UNISON eq. 5)."""
        if self.variant.fusion == "none":
            return levels[0]
        if self.variant.fusion == "concat":
            joined: Tensor = self.join(torch.cat(levels, dim=1))
            return joined
        weights_NL = self.gate(levels[0])
        return (weights_NL.unsqueeze(2) * torch.stack(levels, dim=1)).sum(dim=1)


class LearnedNodes(nn.Module):
    """Variant ``gen``: embeddings of English names learned from nothing; no vectors, no mapping.

    Row 0 stands for every name that was too rare in training.
    """

    def __init__(self, names: tuple[str, ...], size: int, dropout: float) -> None:
        super().__init__()
        self.known = {name: row for row, name in enumerate(names, 1)}
        self.embedding = nn.Sequential(nn.Embedding(len(names) + 1, size), nn.ReLU(), nn.Dropout(dropout))

    def forward(self, table: NodeTable, graphs: PackedGraphs) -> NodeEmbeddings:
        rows = torch.tensor([self.known.get(name, 0) for name in table.row_of], device=table.source.device)
        return NodeEmbeddings(
            objects=self.embedding(rows[graphs.objects]),
            relations=self.embedding(rows[graphs.relations]),
            attributes=self.embedding(rows[graphs.attributes]),
        )
