"""Spatial graph convolution: a node looks different as a subject and as an object (SGAE, UNISON section 3.3)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from crosscap.graph.packing import PackedGraphs
from crosscap.nn.scatter import degree, scatter_mean, scatter_sum


@dataclass(frozen=True)
class NodeEmbeddings:
    """Embeddings of the nodes of packed graphs: ``objects`` [N, D], ``relations`` [R, D], ``attributes`` [A, D].

    After a convolution ``attributes`` is [H, D]: one row for each object that has attributes.
    """

    objects: Tensor
    relations: Tensor
    attributes: Tensor


def fully_connected(inputs: int, outputs: int, dropout: float) -> nn.Sequential:
    """Linear, ReLU, dropout: the ``FC`` of the papers."""
    return nn.Sequential(nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(dropout))


class SpatialGraphConvolution(nn.Module):
    """Encodes each node from the triplets it takes part in (UNISON eq. 7).

    o_i = [FC_self(e_i) + sum over triplets of FC_subject or FC_target([e_s; e_r; e_o])] / (1 + degree)
    r   = FC_relation([e_s; e_r; e_o])
    a_i = mean over the attributes k of object i of FC_attribute([e_i; e_k])
    """

    def __init__(self, size: int, dropout: float) -> None:
        super().__init__()
        self.itself = fully_connected(size, size, dropout)
        self.as_subject = fully_connected(3 * size, size, dropout)
        self.as_target = fully_connected(3 * size, size, dropout)
        self.relation = fully_connected(3 * size, size, dropout)
        self.attribute = fully_connected(2 * size, size, dropout)

    def forward(self, nodes: NodeEmbeddings, graphs: PackedGraphs) -> NodeEmbeddings:
        e_ND = nodes.objects
        count = len(e_ND)
        triplets = torch.cat([e_ND[graphs.subjects], nodes.relations, e_ND[graphs.targets]], dim=1)  # [R, 3D]
        total = self.itself(e_ND)
        total = total + scatter_sum(self.as_subject(triplets), graphs.subjects, count)
        total = total + scatter_sum(self.as_target(triplets), graphs.targets, count)
        links = degree(graphs.subjects, count) + degree(graphs.targets, count)
        owners = e_ND[graphs.holders[graphs.attribute_holder]]
        pairs = torch.cat([owners, nodes.attributes], dim=1)  # [A, 2D]
        return NodeEmbeddings(
            objects=total / (1 + links).unsqueeze(1),
            relations=self.relation(triplets),
            attributes=scatter_mean(self.attribute(pairs), graphs.attribute_holder, len(graphs.holders)),
        )
