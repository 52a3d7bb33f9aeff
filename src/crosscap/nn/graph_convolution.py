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


@dataclass(frozen=True)
class Neighbourhood:
    """What the triplets of packed graphs say.

    Attributes:
        total: [N, D] sum over the triplets of each object, as their subject and as their target.
        links: [N, 1] how many these are.
        relations: [R, D] encoded relations.
    """

    total: Tensor
    links: Tensor
    relations: Tensor


def fully_connected(inputs: int, outputs: int, dropout: float) -> nn.Sequential:
    """Linear, ReLU, dropout: the ``FC`` of the papers."""
    return nn.Sequential(nn.Linear(inputs, outputs), nn.ReLU(), nn.Dropout(dropout))


class SpatialGraphConvolution(nn.Module):
    """Encodes each node from the triplets it takes part in (UNISON eq. 7).

    o_i = [FC_self(e_i) + sum over triplets of FC_subject or FC_target([e_s; e_r; e_o])] / (1 + degree)
    r   = FC_relation([e_s; e_r; e_o])
    a_i = mean over the attributes k of object i of FC_attribute([e_i; e_k])

    The parts can be called one by one, as the released code of HGM takes the terms of a sum from several levels.
    """

    def __init__(self, size: int, dropout: float) -> None:
        super().__init__()
        self.size = size
        self.itself = fully_connected(size, size, dropout)
        # FC_subject, FC_target and FC_relation read the same triplets: one matrix product for the three.
        self.triplets = fully_connected(3 * size, 3 * size, dropout)
        self.attribute = fully_connected(2 * size, size, dropout)

    def forward(self, nodes: NodeEmbeddings, graphs: PackedGraphs) -> NodeEmbeddings:
        around = self.neighbourhood(nodes.objects, nodes.relations, graphs)
        return NodeEmbeddings(
            objects=self.objects(self.itself(nodes.objects), around),
            relations=around.relations,
            attributes=self.attributes(nodes.objects, nodes.attributes, graphs),
        )

    def neighbourhood(self, objects_ND: Tensor, relations_RD: Tensor, graphs: PackedGraphs) -> Neighbourhood:
        """The triplets [e_s; e_r; e_o], encoded and summed by object."""
        triplets = torch.cat([objects_ND[graphs.subjects], relations_RD, objects_ND[graphs.targets]], dim=1)
        as_subject, as_target, relations = self.triplets(triplets).split(self.size, dim=1)
        count = len(objects_ND)
        total = scatter_sum(as_subject, graphs.subjects, count) + scatter_sum(as_target, graphs.targets, count)
        links = degree(graphs.subjects, count) + degree(graphs.targets, count)
        return Neighbourhood(total, links.unsqueeze(1), relations)

    def objects(self, own_ND: Tensor, around: Neighbourhood) -> Tensor:
        """Encoded objects [N, D] from their own terms, such as FC_self(e_i), and their triplets."""
        return (own_ND + around.total) / (1 + around.links)

    def attributes(self, owners_ND: Tensor, attributes_AD: Tensor, graphs: PackedGraphs) -> Tensor:
        """Encoded attributes [H, D] from an embedding of every object and one of every attribute."""
        owners = owners_ND[graphs.holders[graphs.attribute_holder]]
        encoded = self.attribute(torch.cat([owners, attributes_AD], dim=1))
        return scatter_mean(encoded, graphs.attribute_holder, len(graphs.holders))
