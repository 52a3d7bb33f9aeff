"""What image graphs hold beside sentence graphs, and which of their names the text side does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscap.report.markup import element, escape, table

KINDS = {"raw": "sentences", "augmented": "sentences with paraphrases", "images": "pictures"}
SIZES = ("objects", "attributes", "relations")
PARTS = ("objects", "attributes", "predicates")
SHARES = {
    "types": "different names",
    "tokens": "all",
    "unknown_types": "unknown names, %",
    "unknown_tokens": "unknown of all, %",
    "unknown_words": "with a word outside the vocabulary, %",
}


def image_graph_tables(content: Mapping[str, Any]) -> str:
    """Of ``reports/metrics/stages_graphs_T.json``: mean sizes of graphs, and the names that no sentence graph has."""
    sizes = [(title, [(content[kind][part] or {}).get("mean") for part in SIZES]) for kind, title in KINDS.items()]
    names = content["image_names"]
    shares = [(part, [names[part][key] for key in SHARES]) for part in PARTS]
    unknown = "".join(
        element("li", escape(f"{part}: " + ", ".join(f"{name} ({count})" for name, count in most)))
        for part in PARTS
        if (most := names[part]["most_frequent"])
    )
    listed = element("h4", "Most frequent unknown names") + element("ul", unknown) if unknown else ""
    return (
        element("h3", "Mean size of a graph")
        + table(["graphs of", *SIZES], sizes)
        + element("h3", "Names in graphs of pictures that no sentence graph has")
        + table(["", *SHARES.values()], shares)
        + listed
    )
