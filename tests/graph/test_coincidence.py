from __future__ import annotations

from random import Random

import pytest

from crosscap.graph.coincidence import graph_coincidence, node_pairs
from crosscap.graph.scene_graph import SceneGraph

NAMES = ("man", "dog", "hat", "park")


def random_graph(random: Random) -> SceneGraph:
    count = random.randint(0, 4)
    objects = tuple(random.choice(NAMES) for _ in range(count))
    attributes = {(random.randrange(count), random.choice(("red", "big"))) for _ in range(random.randint(0, 2) * count)}
    relations = {
        (random.randrange(count), random.choice(("in", "on")), random.randrange(count)) for _ in range(count // 2)
    }
    return SceneGraph("x", objects, tuple(sorted(attributes)), tuple(sorted(relations)))


def plain_coincidence(first: SceneGraph, second: SceneGraph) -> float:
    """Every edge of a graph whose nodes are named, one after the other, without sets."""
    listed: list[list[str]] = []
    for graph in (first, second):
        edges = []
        for number, name in enumerate(graph.objects):
            alone = True
            for owner, attribute in graph.attributes:
                if owner == number:
                    edges.append(f"{name}>{attribute}")
                    alone = False
            for subject, predicate, other in graph.relations:
                if subject == number:
                    edges.append(f"{name}>{predicate}")
                    alone = False
                if other == number:
                    edges.append(f"{predicate}>{name}")
                    alone = False
            if alone:
                edges.append(f"{name}>")
        listed.append(edges)
    either: list[str] = []
    for edge in listed[0] + listed[1]:
        if edge not in either:
            either.append(edge)
    both = [edge for edge in either if edge in listed[0] and edge in listed[1]]
    return len(both) / len(either) if either else 1.0


def test_a_case_counted_by_hand() -> None:
    image = SceneGraph("i", ("man", "horse", "hat"), ((0, "old"), (2, "red")), ((0, "ride", 1), (0, "wear", 2)))
    caption = SceneGraph("c", ("man", "horse", "tree"), ((0, "old"),), ((0, "ride", 1),))
    # both: man-old, man-ride, ride-horse; either: these, hat-red, man-wear, wear-hat, and the caption's lone tree
    assert node_pairs(caption) == {("man", "old"), ("man", "ride"), ("ride", "horse"), ("tree", "")}
    assert graph_coincidence(image, caption) == pytest.approx(3 / 7)


def test_equal_disjoint_and_empty_graphs() -> None:
    graph = SceneGraph("g", ("dog", "cat"), ((0, "big"),))
    assert graph_coincidence(graph, graph) == 1.0
    assert graph_coincidence(graph, SceneGraph("h", ("man",))) == 0.0
    assert graph_coincidence(SceneGraph("e"), SceneGraph("f")) == 1.0
    assert graph_coincidence(graph, SceneGraph("e")) == 0.0


def test_on_random_graphs_it_is_symmetric_bounded_and_what_a_plain_reference_counts() -> None:
    random = Random(2)
    between = 0
    for _ in range(300):
        first, second = random_graph(random), random_graph(random)
        value = graph_coincidence(first, second)
        assert value == graph_coincidence(second, first) == pytest.approx(plain_coincidence(first, second))
        assert graph_coincidence(first, first) == 1.0
        between += 0 < value < 1
    assert between > 50


def test_neither_the_order_of_objects_nor_repeated_ones_matter() -> None:
    graph = SceneGraph("g", ("man", "dog", "hat"), ((0, "tall"),), ((0, "walk", 1),))
    other = SceneGraph("h", ("hat", "dog", "man", "hat"), ((2, "tall"),), ((2, "walk", 1),))
    assert graph_coincidence(graph, other) == 1.0
