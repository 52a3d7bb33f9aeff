from __future__ import annotations

from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.statistics import graph_sizes

DOG = SceneGraph("1", ("dog", "park", "ball"), ((0, "black"),), ((0, "in", 1), (0, "with", 2)))
NOTHING = SceneGraph("2", (), (), ())


def test_sizes_are_means_and_percentages_of_graphs() -> None:
    sizes = graph_sizes(iter([DOG, NOTHING, DOG]))
    assert sizes["graphs"] == 3
    assert sizes["objects"] == {"mean": 2.0, "0": 33.3, "1": 0.0, "2": 0.0, ">=3": 66.7}
    assert sizes["attributes"] == {"mean": 0.67, "0": 33.3, "1": 66.7, "2": 0.0, ">=3": 0.0}
    assert sizes["relations"] == {"mean": 1.33, "0": 33.3, "1": 0.0, "2": 66.7, ">=3": 0.0}


def test_no_graphs_have_no_sizes() -> None:
    assert graph_sizes([]) == {"graphs": 0, "objects": None, "attributes": None, "relations": None}
