"""Sizes of sentence and image graphs beside the paper's, and names in image graphs that no sentence graph has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscap.evaluation.corpus_table import UNISON_OBJECTS
from crosscap.graph.statistics import PARTS, SIZES
from crosscap.report.markup import element, escape, grouped_table, table

KINDS = {"raw": "sentences", "augmented": "sentences with paraphrases", "images": "pictures"}
NAMED = ("objects", "attributes", "predicates")
SHARES = {
    "types": "different names",
    "tokens": "all",
    "unknown_types": "unknown names, %",
    "unknown_tokens": "unknown of all, %",
    "unknown_words": "with a word outside the vocabulary, %",
}


def graph_tables(content: Mapping[str, Any]) -> str:
    """Of ``reports/metrics/stages_graphs_T.json``: sizes of graphs, and the names that no sentence graph has."""
    sizes = [
        (f"{title}: {part}", [(content[kind][part] or {}).get(key) for key in (*SIZES, "mean")])
        for kind, title in KINDS.items()
        for part in PARTS
    ]
    paper = [(f"{KINDS[kind]}: objects", [*shares, None]) for kind, shares in UNISON_OBJECTS.items()]
    groups = [("This project", sizes), ("UNISON as published (table 1): other data", paper)]
    names = content["image_names"]
    shares = [(part, [names[part][key] for key in SHARES]) for part in NAMED]
    unknown = "".join(
        element("li", escape(f"{part}: " + ", ".join(f"{name} ({count})" for name, count in most)))
        for part in NAMED
        if (most := names[part]["most_frequent"])
    )
    listed = element("h4", "Most frequent unknown names") + element("ul", unknown) if unknown else ""
    return (
        element("h3", "Percent of graphs with so many parts, and their mean number")
        + grouped_table(["graphs of", *SIZES, "mean"], groups)
        + element("h3", "Names in graphs of pictures that no sentence graph has")
        + table(["", *SHARES.values()], shares)
        + listed
    )
