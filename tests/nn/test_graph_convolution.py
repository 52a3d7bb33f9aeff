from __future__ import annotations

import torch
from torch import Tensor

from crosscap.graph.packing import node_names, pack
from crosscap.graph.scene_graph import SceneGraph
from crosscap.nn.graph_convolution import NodeEmbeddings, SpatialGraphConvolution

SIZE = 6
GRAPHS = [
    SceneGraph("1", ("man", "horse", "hat"), ((1, "brown"), (1, "big")), ((0, "ride", 1), (0, "wear", 2))),
    SceneGraph("2"),
    SceneGraph("3", ("dog", "cat"), ((0, "black"),), ()),
    SceneGraph("4", ("boy", "boy"), (), ((0, "hug", 1), (1, "hug", 0), (0, "hug", 0))),
]
ROWS = {name: row for row, name in enumerate(node_names(GRAPHS))}


def convolution() -> tuple[SpatialGraphConvolution, Tensor]:
    torch.manual_seed(0)
    return SpatialGraphConvolution(SIZE, dropout=0.5).eval(), torch.randn(len(ROWS), SIZE)


def encode(module: SpatialGraphConvolution, table: Tensor, graphs: list[SceneGraph]) -> NodeEmbeddings:
    packed = pack(graphs, ROWS)
    nodes = NodeEmbeddings(table[packed.objects], table[packed.relations], table[packed.attributes])
    return module(nodes, packed)


def reference(module: SpatialGraphConvolution, table: Tensor, graph: SceneGraph) -> tuple[list, list, list]:
    """The equations, one node at a time."""
    e = [table[ROWS[name]] for name in graph.objects]
    objects, relations, attributes = [], [], []
    for i in range(len(e)):
        total, count = module.itself(e[i]), 1
        for s, p, o in graph.relations:
            as_subject, as_target, _ = module.triplets(torch.cat([e[s], table[ROWS[p]], e[o]])).split(SIZE)
            if s == i:
                total, count = total + as_subject, count + 1
            if o == i:
                total, count = total + as_target, count + 1
        objects.append(total / count)
        own = [module.attribute(torch.cat([e[i], table[ROWS[name]]])) for k, name in graph.attributes if k == i]
        if own:
            attributes.append(sum(own) / len(own))
    for s, p, o in graph.relations:
        relations.append(module.triplets(torch.cat([e[s], table[ROWS[p]], e[o]]))[2 * SIZE :])
    return objects, relations, attributes


def test_the_packed_convolution_equals_the_equations_node_by_node() -> None:
    module, table = convolution()
    found = encode(module, table, GRAPHS)
    objects, relations, attributes = ([], [], [])
    for graph in GRAPHS:
        for all_rows, rows in zip((objects, relations, attributes), reference(module, table, graph), strict=True):
            all_rows.extend(rows)
    torch.testing.assert_close(found.objects, torch.stack(objects))
    torch.testing.assert_close(found.relations, torch.stack(relations))
    torch.testing.assert_close(found.attributes, torch.stack(attributes))


def test_without_relations_an_object_is_its_own_layer_exactly() -> None:
    module, table = convolution()
    found = encode(module, table, [GRAPHS[2]])
    assert torch.equal(found.objects, module.itself(table[[ROWS["dog"], ROWS["cat"]]]))
    assert found.relations.shape == (0, SIZE)


def test_a_graph_is_encoded_the_same_alone_and_among_others() -> None:
    module, table = convolution()
    together = encode(module, table, GRAPHS)
    alone = encode(module, table, [GRAPHS[3]])
    torch.testing.assert_close(together.objects[-2:], alone.objects)
    torch.testing.assert_close(together.relations[-3:], alone.relations)
