from __future__ import annotations

import pytest

from crosscap.errors import InputError
from crosscap.graph.pair_graphs import pair_graphs
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.statistics import objects_per_graph, tuple_scores
from crosscap.syntax.tree import Tree, Word


def noun(id: str, name: str, adjective: str) -> Tree:
    words = (Word(adjective, adjective, "ADJ", "JJ", "_", 2, "amod"), Word(name, name, "NOUN", "NN", "_", 0, "root"))
    return Tree(id, words)


def test_a_pair_has_the_union_of_its_copies() -> None:
    trees = [
        noun("p/0", "dog", "black"),
        noun("p/1", "dog", "big"),
        noun("p/2", "cat", "big"),
        noun("q/0", "cup", "red"),
    ]
    assert list(pair_graphs(trees, "t")) == [
        (
            SceneGraph("p", ("dog",), ((0, "black"),)),
            SceneGraph("p", ("dog", "cat"), ((0, "black"), (0, "big"), (1, "big"))),
        ),
        (SceneGraph("q", ("cup",), ((0, "red"),)), SceneGraph("q", ("cup",), ((0, "red"),))),
    ]


@pytest.mark.parametrize("id", ["p/1", "p"])
def test_trees_that_are_not_named_by_pair_and_copy_are_an_error(id: str) -> None:
    with pytest.raises(InputError, match=f"found the tree '{id}'"):
        list(pair_graphs([noun(id, "dog", "black")], "t.conllu.gz"))


def test_objects_per_graph_are_percentages() -> None:
    graphs = [SceneGraph(str(n), tuple("abcd"[:n])) for n in (0, 1, 1, 2, 3, 4)]
    assert objects_per_graph(graphs) == {"0": 16.7, "1": 33.3, "2": 16.7, ">=3": 33.3}
    assert objects_per_graph([]) == {"0": 0.0, "1": 0.0, "2": 0.0, ">=3": 0.0}


def test_tuple_scores_count_objects_attributes_and_relations() -> None:
    gold = SceneGraph("g", ("man", "dog"), ((1, "black"),), ((0, "hold", 1),))
    guess = SceneGraph("g", ("man", "dog", "hat"), (), ((0, "hold", 1),))
    assert tuple_scores([gold], [guess]) == {"precision": 0.75, "recall": 0.75, "f1": 0.75}
    assert tuple_scores([gold], [gold])["f1"] == 1.0
    assert tuple_scores([], []) == {"precision": 0.0, "recall": 0.0, "f1": 0.0}
