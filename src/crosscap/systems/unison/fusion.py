"""How an object joins the levels of its mapping (UNISON eqs. 5 and 6, and the released code's two other places)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from crosscap.graph.packing import PackedGraphs
from crosscap.nn.attention_pooling import AttentionPooling
from crosscap.nn.graph_convolution import Neighbourhood, SpatialGraphConvolution
from crosscap.systems.unison.variants import MappingReadings, Variant


class SelfGate(nn.Module):
    """One weight a level from a word-level vector (UNISON eq. 6): three layers, softmax.

    The hidden layers are the released code's, 512 and 64 units at the paper's size of 1,000.
    """

    def __init__(self, size: int, levels: int) -> None:
        super().__init__()
        hidden = max(1, round(0.512 * size))
        self.score = nn.Sequential(
            nn.Linear(size, hidden), nn.ReLU(), nn.Linear(hidden, 64), nn.ReLU(), nn.Linear(64, levels)
        )

    def forward(self, word_MD: Tensor) -> Tensor:
        """[M, D] -> weights [M, L] that sum to 1."""
        weights: Tensor = self.score(word_MD).softmax(dim=1)
        return weights


def weighted(weights_ML: Tensor, levels: Sequence[Tensor]) -> Tensor:
    """The sum of L levels [M, D], each with its weight."""
    return (weights_ML.unsqueeze(2) * torch.stack(tuple(levels), dim=1)).sum(dim=1)


class NodeGate(nn.Module):
    """A weighted sum of each object's levels (UNISON eq. 5)."""

    def __init__(self, size: int, levels: int) -> None:
        super().__init__()
        self.gate = SelfGate(size, levels)

    def forward(self, levels: Sequence[Tensor]) -> Tensor:
        """L tensors [N, D], word level first -> [N, D]."""
        return weighted(self.gate(levels[0]), levels)


class NodeConcat(nn.Module):
    """A linear map of each object's levels, one after another."""

    def __init__(self, size: int, levels: int) -> None:
        super().__init__()
        self.join = nn.Linear(levels * size, size)

    def forward(self, levels: Sequence[Tensor]) -> Tensor:
        """L tensors [N, D] -> [N, D]."""
        joined: Tensor = self.join(torch.cat(tuple(levels), dim=1))
        return joined


class PooledGate(nn.Module):
    """The released HGM: one gate a graph, after the encoder.

    The levels differ in the convolution's own term alone. Each is pooled by an attention of its own, and the gate,
    which reads the word level's pooled vector, weighs the pooled vectors.
    """

    def __init__(self, size: int, levels: int) -> None:
        super().__init__()
        self.gate = SelfGate(size, levels)
        self.pools = nn.ModuleList(AttentionPooling(size) for _ in range(levels - 1))  # beside the encoder's own

    def forward(
        self,
        levels: Sequence[Tensor],
        encoder: SpatialGraphConvolution,
        pool: AttentionPooling,
        around: Neighbourhood,
        graphs: PackedGraphs,
    ) -> tuple[Tensor, Tensor]:
        """z_o [B, D], and the encoded objects [N, D] that attributes are encoded with: those of the last level."""
        encoded = [encoder.objects(encoder.itself(level), around) for level in levels]
        pooled = [
            attention(objects, graphs.object_graph, graphs.count)
            for attention, objects in zip((pool, *self.pools), encoded, strict=True)
        ]
        return weighted(self.gate(pooled[0]), pooled), encoded[-1]


class ConvolutionConcat(nn.Module):
    """The released GMWORD+SUB and HGMBASE: concatenated levels are the convolution's own term.

    Word and sub-graph level pass the layer of that term before, the vector of the whole graph does not.
    """

    def __init__(self, size: int, levels: int) -> None:
        super().__init__()
        self.join = nn.Linear(levels * size, size)

    def forward(
        self,
        levels: Sequence[Tensor],
        encoder: SpatialGraphConvolution,
        pool: AttentionPooling,
        around: Neighbourhood,
        graphs: PackedGraphs,
    ) -> tuple[Tensor, Tensor]:
        """z_o [B, D] and the encoded objects [N, D]."""
        own = self.join(torch.cat([*(encoder.itself(level) for level in levels[:2]), *levels[2:]], dim=1))
        objects = encoder.objects(own, around)
        return pool(objects, graphs.object_graph, graphs.count), objects


def before_encoder(variant: Variant, readings: MappingReadings, size: int) -> NodeGate | NodeConcat | None:
    """The fusion of ``variant`` before the encoder, ``None`` where it has none."""
    if variant.join == "gate" and readings.gate == "node":
        return NodeGate(size, len(variant.levels))
    if variant.join == "concat" and readings.concat == "node":
        return NodeConcat(size, len(variant.levels))
    return None


def within_encoder(variant: Variant, readings: MappingReadings, size: int) -> PooledGate | ConvolutionConcat | None:
    """The fusion of ``variant`` within the encoder, ``None`` where it has none."""
    if variant.join == "gate" and readings.gate == "pooled":
        return PooledGate(size, len(variant.levels))
    if variant.join == "concat" and readings.concat == "convolution":
        return ConvolutionConcat(size, len(variant.levels))
    return None
