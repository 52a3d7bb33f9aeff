"""What reads a sentence's graph from its tree, as the parameters say."""

from __future__ import annotations

from collections.abc import Callable

from crosscap.config.sentence_graphs import SentenceGraphSettings
from crosscap.graph.rescoring.rescorer import Rescorer
from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.scene_graph import SceneGraph
from crosscap.syntax.tree import Tree


def graph_reader(settings: SentenceGraphSettings) -> Callable[[Tree, str], SceneGraph]:
    """A function of a tree and the graph's id: the rules, or the rules and the corrections of ``settings.rescorer``.

    Raises:
        InputError: the folder of the rescorer is missing or broken.
    """
    if settings.backend == "rescored" and settings.rescorer:
        return Rescorer.load(settings.rescorer).sentence_graph
    return sentence_graph
