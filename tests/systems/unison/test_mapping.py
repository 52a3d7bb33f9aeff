from __future__ import annotations

import pytest
import torch
from torch import nn

from crosscap.graph.scene_graph import SceneGraph
from crosscap.systems.unison.mapping import GraphMapping, SubGraphMapping
from crosscap.systems.unison.nodes import NodeTable, scaled
from crosscap.systems.unison.variants import VARIANTS, MappingReadings

SIZE = 16
LONELY = SceneGraph("lonely", ("dog", "cat"), ((0, "red"),))


def graph_mapping(world, variant: str, **readings) -> GraphMapping:
    torch.manual_seed(3)
    linear = nn.Linear(world.vectors.size, SIZE)
    return GraphMapping(VARIANTS[variant], MappingReadings(**readings), linear, dropout=0.5).eval()


def prepared(world, graphs):
    table = NodeTable.build(graphs, world.vectors)
    return table, table.pack(graphs)


def test_a_node_takes_the_vector_of_its_most_similar_target_word(world) -> None:
    table = NodeTable.build(world.graphs, world.vectors)
    for name, row in table.row_of.items():
        source = world.vectors.source_vector(name)
        best = max(range(len(world.vectors.target)), key=lambda k: float(source @ world.vectors.target[k]))
        torch.testing.assert_close(table.retrieved[row], scaled(world.vectors.target[best : best + 1])[0])


def test_the_gate_gives_weights_that_sum_to_one(world) -> None:
    mapping = graph_mapping(world, "hgm")
    weights = mapping.fusion.gate(torch.randn(50, SIZE))
    assert weights.shape == (50, 3)
    assert (weights >= 0).all()
    torch.testing.assert_close(weights.sum(1), torch.ones(50))


def test_a_gate_that_takes_the_word_level_alone_makes_hgm_equal_gm_word(world) -> None:
    hgm, gm_word = graph_mapping(world, "hgm"), graph_mapping(world, "gm_word")
    gm_word.word_map.load_state_dict(hgm.word_map.state_dict())
    hgm.fusion.gate = WordOnly()
    table, packed = prepared(world, world.graphs[:20])
    one, other = hgm(table, packed), gm_word(table, packed)
    assert torch.equal(one.objects, other.objects)
    assert torch.equal(one.relations, other.relations)
    assert torch.equal(one.attributes, other.attributes)


class WordOnly(nn.Module):
    def forward(self, word_ND: torch.Tensor) -> torch.Tensor:
        return torch.tensor([1.0, 0.0, 0.0]).expand(len(word_ND), 3)


def test_the_sub_graph_level_is_the_mean_over_neighbours_without_the_node_itself(world) -> None:
    mapping = SubGraphMapping(world.vectors.size, SIZE, 0.5, with_self=False, activation=False).eval()
    graph = SceneGraph("g", ("man", "horse", "dog"), (), ((0, "ride", 1), (2, "near", 0)))
    table, packed = prepared(world, [graph, LONELY])
    e = table.source[packed.objects]
    found = mapping(e, packed)
    ride, near = mapping.pairs(torch.cat([e[0], e[1]])), mapping.pairs(torch.cat([e[2], e[0]]))
    torch.testing.assert_close(found[0], mapping.map((ride[:SIZE] + near[SIZE:]) / 2))
    torch.testing.assert_close(found[1], mapping.map(ride[SIZE:]))
    torch.testing.assert_close(found[3:], mapping.map.bias.expand(2, -1))


def test_the_full_graph_level_is_one_vector_for_all_objects_of_a_graph(world) -> None:
    mapping = graph_mapping(world, "hgm").full
    table, packed = prepared(world, world.graphs[:3])
    found = mapping(table.source[packed.objects], packed)
    for number, graph in enumerate(world.graphs[:3]):
        vectors = scaled(world.vectors.source_matrix(graph.objects))
        weights = mapping.pool.score(vectors).squeeze(1).softmax(0)
        expected = mapping.map((weights[:, None] * vectors).sum(0))
        torch.testing.assert_close(found[packed.object_graph == number], expected.expand(2, -1))


@pytest.mark.parametrize("variant", [name for name in VARIANTS if VARIANTS[name].levels])
def test_relations_and_attributes_are_mapped_word_by_word_in_every_variant(world, variant: str) -> None:
    mapping = graph_mapping(world, variant)
    table, packed = prepared(world, world.graphs[:10])
    nodes = mapping(table, packed)
    assert torch.equal(nodes.relations, mapping.word_map(table.retrieved)[packed.relations])
    assert torch.equal(nodes.attributes, mapping.word_map(table.retrieved)[packed.attributes])
    assert nodes.objects.shape == (20, SIZE)
