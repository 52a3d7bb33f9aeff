"""β_G: how far two scene graphs tell the same structure (Wu et al., CROSS2STRA, ACL 2023, section 5)."""

from __future__ import annotations

from crosscap.graph.scene_graph import SceneGraph

Pair = tuple[str, str]


def graph_coincidence(first: SceneGraph, second: SceneGraph) -> float:
    """β_G = |pairs of both| / |pairs of either|, in [0, 1]; symmetric, and 1 for equal graphs.

    The paper compares an image's graph with that of its predicted caption. Names must be of one language: translate one
    graph's first. Two graphs without any object are equal: 1.
    """
    mine, theirs = node_pairs(first), node_pairs(second)
    return len(mine & theirs) / len(mine | theirs) if mine or theirs else 1.0


def node_pairs(graph: SceneGraph) -> set[Pair]:
    """The names of every two nodes with an edge between them.

    As in CROSS2STRA, objects, attributes and relations are nodes: ``(object, attribute)``, ``(subject, predicate)``,
    ``(predicate, object)``. Ours: an object without an edge pairs with nothing, ``(object, "")``, so that graphs of
    bare objects differ; and equal names are one, as many detected men are one man of a caption.
    """
    names = graph.objects
    pairs = {(names[owner], attribute) for owner, attribute in graph.attributes}
    pairs |= {(names[subject], predicate) for subject, predicate, _ in graph.relations}
    pairs |= {(predicate, names[other]) for _, predicate, other in graph.relations}
    linked = {owner for owner, _ in graph.attributes}
    linked |= {end for subject, _, other in graph.relations for end in (subject, other)}
    return pairs | {(name, "") for row, name in enumerate(names) if row not in linked}
