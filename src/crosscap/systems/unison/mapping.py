"""Hierarchical graph mapping (HGM): English graph nodes -> embeddings in the target language (UNISON eqs. 4-6).

One module holds every variant that maps vectors, composed of its levels and one fusion (see `variants`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from crosscap.graph.packing import PackedGraphs
from crosscap.nn.attention_pooling import AttentionPooling
from crosscap.nn.graph_convolution import NodeEmbeddings, fully_connected
from crosscap.nn.scatter import degree, scatter_sum
from crosscap.systems.unison.fusion import before_encoder, within_encoder
from crosscap.systems.unison.nodes import NodeTable
from crosscap.systems.unison.variants import MappingReadings, Variant


@dataclass(frozen=True)
class MappedNodes(NodeEmbeddings):
    """Nodes for the target language's encoder; ``objects`` is what triplets are made of.

    Attributes:
        levels: [N, D] each, word level first, what `fusion.within_encoder` joins; empty where ``objects`` is joined.
    """

    levels: tuple[Tensor, ...] = ()


class SubGraphMapping(nn.Module):
    """f_Sub: the mean over a node's neighbours of the convolution of both vectors, then a linear map.

    As the paper, without a term for the node itself unless ``with_self``: a node without relations has only the
    linear map's bias.
    """

    def __init__(self, vector_size: int, size: int, dropout: float, with_self: bool, activation: bool) -> None:
        super().__init__()
        self.size = size
        # As subject and as target: one matrix product for the two.
        self.pairs = fully_connected(2 * vector_size, 2 * size, dropout)
        self.itself = fully_connected(vector_size, size, dropout) if with_self else None
        self.map: nn.Module = fully_connected(size, size, dropout) if activation else nn.Linear(size, size)

    def forward(self, vectors_NE: Tensor, graphs: PackedGraphs) -> Tensor:
        count = len(vectors_NE)
        pairs = torch.cat([vectors_NE[graphs.subjects], vectors_NE[graphs.targets]], dim=1)  # [R, 2E]
        as_subject, as_target = self.pairs(pairs).split(self.size, dim=1)
        total = scatter_sum(as_subject, graphs.subjects, count) + scatter_sum(as_target, graphs.targets, count)
        terms = (degree(graphs.subjects, count) + degree(graphs.targets, count)).unsqueeze(1)
        if self.itself is not None:
            total, terms = total + self.itself(vectors_NE), terms + 1
        mapped: Tensor = self.map(total / terms.clamp(min=1))
        return mapped


class FullGraphMapping(nn.Module):
    """f_Full: attention over all objects of the graph, then a linear map; every node of a graph gets the same."""

    def __init__(self, vector_size: int, linear: nn.Linear) -> None:
        super().__init__()
        self.pool = AttentionPooling(vector_size)
        self.map = linear

    def forward(self, vectors_NE: Tensor, graphs: PackedGraphs) -> Tensor:
        pooled_BD = self.map(self.pool(vectors_NE, graphs.object_graph, graphs.count))
        mapped: Tensor = pooled_BD[graphs.object_graph]
        return mapped


class GraphMapping(nn.Module):
    """Embeddings of a graph's nodes for the target language's encoder.

    Objects take all levels of the variant; relations and attributes the word level alone (UNISON eq. 4).

    Args:
        word_map: Linear E -> D from a target vector to an embedding. It is shared with the decoder's input words, as
            in the released code, so that a retrieved word means the same on both sides.
    """

    def __init__(self, variant: Variant, readings: MappingReadings, word_map: nn.Linear, dropout: float) -> None:
        super().__init__()
        vector_size, size = word_map.in_features, word_map.out_features
        self.variant, self.readings, self.word_map = variant, readings, word_map
        if "sub" in variant.levels:
            self.sub = SubGraphMapping(
                vector_size, size, dropout, readings.sub_graph_self, readings.sub_graph_activation
            )
        if "full" in variant.levels:
            linear = word_map if readings.full_graph_map == "shared" else nn.Linear(vector_size, size)
            self.full = FullGraphMapping(vector_size, linear)
        self.fusion = before_encoder(variant, readings, size)
        self.fusion_in_encoder = within_encoder(variant, readings, size)

    @property
    def attributes_after(self) -> bool:
        """Whether an attribute is encoded with its encoded object."""
        return self.readings.attribute_owner == "after" and "sub" in self.variant.levels

    def forward(self, table: NodeTable, graphs: PackedGraphs) -> MappedNodes:
        levels = self.object_levels(table, graphs)
        relations, attributes = (self.of_names(table, rows) for rows in (graphs.relations, graphs.attributes))
        if self.fusion_in_encoder is not None:
            return MappedNodes(levels[1], relations, attributes, tuple(levels))  # triplets: the sub-graph level
        objects = levels[0] if self.fusion is None else self.fusion(levels)
        return MappedNodes(objects, relations, attributes)

    def object_levels(self, table: NodeTable, graphs: PackedGraphs) -> list[Tensor]:
        """The embeddings [N, D] of the objects at each level of the variant, word level first."""
        vectors = table.source[graphs.objects]
        levels = [self.word_map(table.retrieved[graphs.objects])]
        if "sub" in self.variant.levels:
            levels.append(self.sub(vectors, graphs))
        if "full" in self.variant.levels:
            levels.append(self.full(vectors, graphs))
        return levels

    def of_names(self, table: NodeTable, rows: Tensor) -> Tensor:
        """Embeddings [M, D] of relations or attributes by the rows [M] of their names."""
        if self.readings.names == "learned" and "sub" in self.variant.levels:
            mapped: Tensor = self.sub.map(self.word_map(table.source[rows]))
            return mapped
        return self.word_map(table.retrieved[rows])
