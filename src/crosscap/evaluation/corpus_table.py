"""Sizes of a corpus' sentence graphs beside those that UNISON reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscap.graph.statistics import PARTS, SIZES

# Percent of graphs with 0, 1, 2 and at least 3 objects, UNISON table 1.
UNISON_OBJECTS = {"raw": (17.7, 42.6, 24.4, 15.4), "augmented": (12.3, 13.3, 15.1, 59.3)}


def corpus_table(sizes: Mapping[str, Any]) -> str:
    """``reports/metrics/stages_graphs_T.json`` as text: percent of graphs by size, and the mean."""
    lines = [f"{'':<28}" + "".join(f"{label:>8}" for label in (*SIZES, "mean"))]
    for part in PARTS:
        for kind in ("raw", "augmented"):
            values = sizes[kind][part] or {}
            lines.append(f"{part + ', ' + kind:<28}" + "".join(_cell(values.get(label)) for label in SIZES))
            lines[-1] += f"{'-':>8}" if not values else f"{values['mean']:>8.2f}"
            if part == "objects":
                lines.append(f"{'  UNISON, other data':<28}" + "".join(_cell(value) for value in UNISON_OBJECTS[kind]))
    lines.append(
        f"Percent of {sizes['raw']['graphs']} graphs with so many parts; raw: of the sentence alone, augmented: with"
    )
    lines.append(
        "its paraphrases. UNISON's table 1: 161,613 pairs of other corpora, parsed and paraphrased by other models."
    )
    return "\n".join(lines)


def _cell(value: float | None) -> str:
    return f"{'-':>8}" if value is None else f"{value:>8.1f}"
