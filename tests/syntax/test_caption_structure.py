"""The graphs of captions' translations, by a real parser, and what they share with image graphs."""

from __future__ import annotations

from pathlib import Path

from crosscap.evaluation.structure import graph_coincidences, sentence_graphs
from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.scene_graph import SceneGraph


def test_each_caption_has_the_graph_of_its_translation(parser_folder: Path) -> None:
    english = {
        "一": ["The", "man", "holds", "a", "red", "ball", "."],
        "二": (),
        "三": ["The", "man", "holds", "a", "red", "ball", "."],
        "四": ["The", "girl", "sees", "a", "big", "kite", "."],
    }
    graphs = sentence_graphs(english, parser_folder, sentence_graph)
    assert graphs["一"] == SceneGraph("", ("man", "ball"), ((1, "red"),), ((0, "hold", 1),))
    assert graphs["三"] == graphs["一"] and graphs["二"] == SceneGraph("")
    assert graphs["四"].objects == ("girl", "kite")
    images = {"7": SceneGraph("7", ("man", "ball"), ((1, "blue"),), ((0, "hold", 1),)), "8": SceneGraph("8", ("girl",))}
    captions = {"7": graphs["一"], "8": graphs["二"], "9": graphs["四"]}
    # Image 7: man-hold and hold-ball of both, ball-red and ball-blue of one; 9 has no graph.
    assert graph_coincidences(captions, images) == {"7": 50.0, "8": 0.0}


def test_without_sentences_no_parser_is_loaded() -> None:
    assert sentence_graphs({"": ()}, Path("no such folder"), sentence_graph) == {"": SceneGraph("")}
