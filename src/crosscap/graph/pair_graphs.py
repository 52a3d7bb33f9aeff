"""Scene graphs of sentence pairs from the trees of their copies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

from crosscap.errors import InputError
from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.scene_graph import SceneGraph, merge
from crosscap.syntax.tree import Tree


def pair_graphs(
    trees: Iterable[Tree], source: str | Path, read: Callable[[Tree, str], SceneGraph] = sentence_graph
) -> Iterator[tuple[SceneGraph, SceneGraph]]:
    """Yield ``(graph of copy 0, union over all copies)`` for each pair, in order (UNISON, App. A).

    Args:
        trees: named ``<pair id>/<copy>``, a pair's copies one after another, copy 0 first.
        source: where they come from, for messages.
        read: a sentence's graph from its tree and the graph's id; the rules, or a `Rescorer`.

    Raises:
        InputError: a name of another form, or a pair without copy 0.
    """
    for pair, group in groupby(trees, key=lambda tree: tree.id.rpartition("/")[0]):
        copies = list(group)
        if not pair or not copies[0].id.endswith("/0"):
            found = f"the tree {copies[0].id!r}"
            raise InputError(source, found, "'<pair id>/0', then the pair's other copies", "Run parse_sentences again.")
        graphs = [read(tree, pair) for tree in copies]
        yield merge(pair, graphs[:1]), merge(pair, graphs)
