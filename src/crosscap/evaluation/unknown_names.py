"""What image graphs call things and the text side has no name for: there a captioner trained on text alone is blind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from crosscap.evaluation.stage_scores import percent
from crosscap.graph.scene_graph import SceneGraph

PARTS = ("objects", "attributes", "predicates")
SHOWN = 10


def count_names(graphs: Iterable[SceneGraph]) -> dict[str, Counter[str]]:
    """How often each name stands in ``graphs``, by part of the graph."""
    counts = {part: Counter[str]() for part in PARTS}
    for graph in graphs:
        for part, name in _names(graph):
            counts[part][name] += 1
    return counts


def unknown_names(
    images: Mapping[str, Mapping[str, int]], text: Mapping[str, Container[str]], words: Container[str]
) -> dict[str, dict[str, Any]]:
    """Of each part of the image graphs, what the text side does not know.

    Args:
        images: counts of names, see `count_names`.
        text: the names of sentence graphs, by part.
        words: the source language's vocabulary.

    Returns:
        By part: ``types`` and ``tokens``, how many different names there are and how often they stand;
        ``unknown_types`` and ``unknown_tokens``, the percent of them that no sentence graph has in this part;
        ``unknown_words``, the percent of tokens with a word outside the vocabulary (None without names);
        ``most_frequent``, ``[name, count]`` of the ten most frequent names that no sentence graph has.
    """
    shares = {}
    for part in PARTS:
        counts = images[part]
        unknown = {name: count for name, count in counts.items() if name not in text[part]}
        outside = sum(count for name, count in counts.items() if any(word not in words for word in name.split()))
        total = sum(counts.values())
        shares[part] = {
            "types": len(counts),
            "tokens": total,
            "unknown_types": percent(len(unknown), len(counts)),
            "unknown_tokens": percent(sum(unknown.values()), total),
            "unknown_words": percent(outside, total),
            "most_frequent": [
                list(entry) for entry in sorted(unknown.items(), key=lambda entry: (-entry[1], entry[0]))[:SHOWN]
            ],
        }
    return shares


def _names(graph: SceneGraph) -> Iterator[tuple[str, str]]:
    yield from (("objects", name) for name in graph.objects)
    yield from (("attributes", name) for _, name in graph.attributes)
    yield from (("predicates", predicate) for _, predicate, _ in graph.relations)
