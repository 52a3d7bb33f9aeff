from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as some

from crosscap.graph.drawing.graph import graph_drawing
from crosscap.graph.drawing.layout import place
from crosscap.graph.scene_graph import SceneGraph

NAMES = ("man", "fire hydrant", "<b>&\"'", "\N{BELL}", "飞机")


@some.composite
def graphs(draw: some.DrawFn) -> SceneGraph:
    count = draw(some.integers(0, 20))
    rows, names = some.integers(0, max(count - 1, 0)), some.sampled_from(NAMES)
    attributes = some.lists(some.tuples(rows, names), max_size=20 * bool(count))
    relations = some.lists(some.tuples(rows, names, rows), max_size=30 * bool(count))
    objects = draw(some.lists(names, min_size=count, max_size=count))
    return SceneGraph("x", tuple(objects), tuple(draw(attributes)), tuple(draw(relations)))


def words_of(drawing: str) -> list[str]:
    return [str(node.text) for node in ElementTree.fromstring(drawing).iter() if node.tag.endswith("}text")]


def test_objects_attributes_and_relations_are_written() -> None:
    graph = SceneGraph("x", ("man", "horse"), ((0, "old"), (0, "tall")), ((0, "ride", 1),))
    assert sorted(words_of(graph_drawing(graph))) == ["horse", "man", "old, tall", "ride"]


def test_an_empty_graph_says_so() -> None:
    assert words_of(graph_drawing(SceneGraph("x"))) == ["(nothing)"]


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_any_graph_is_valid_xml_with_an_arrow_a_relation_and_the_same_bytes(graph: SceneGraph) -> None:
    drawing = graph_drawing(graph)
    assert drawing == graph_drawing(graph)
    marks = [node.get("class") for node in ElementTree.fromstring(drawing).iter()]
    assert marks.count("object") == len(graph.objects)
    assert marks.count("head") == marks.count("label") == len(graph.relations)


@given(
    some.integers(1, 20).flatmap(
        lambda count: some.tuples(
            some.just(count),
            some.lists(some.tuples(some.integers(0, count - 1), some.integers(0, count - 1)), max_size=30),
        )
    )
)
@settings(max_examples=60, deadline=None)
def test_nothing_lies_upon_anything_else(case: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = case
    sizes = [(40.0 + 7 * (box % 5), 20.0 + 17 * (box % 3)) for box in range(count)]
    layout = place(sizes, edges, [(60.0, 20.0)] * len(edges))
    assert [(item.width, item.height) for item in layout.items[:count]] == sizes
    for one, other in combinations((item for item in layout.items if item.width), 2):
        apart_x = abs(one.x - other.x) >= (one.width + other.width) / 2
        apart_y = abs(one.y - other.y) >= (one.height + other.height) / 2 - 1e-6
        assert apart_x or apart_y
    for (start, end), path, label in zip(edges, layout.paths, layout.labels, strict=True):
        assert (path[0], path[-1]) == (start, end) and label in path
