"""How many annotated relations are found, as text."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

TASKS = ("PredCls", "SGCls", "SGDet")
SETTINGS = {"graph_constraint": "one predicate a pair", "no_graph_constraint": "all predicates"}
SYSTEMS = {"model": "relation model", "frequency_baseline": "frequencies alone"}
RECALLS = ("R@20", "R@50", "R@100", "mR@20", "mR@50", "mR@100")
"""The parts of ``reports/metrics/stages_relations.json`` in the order in which they are shown, with their names."""


def relation_table(metrics: Mapping[str, Any]) -> str:
    """``reports/metrics/stages_relations.json``: a row a task, setting and system; or why there are no scores."""
    if metrics["missing"]:
        return "\n".join(f"No {name}: {reason}" for name, reason in metrics["missing"].items())
    rows = {
        f"{task}, {SETTINGS[setting]}, {SYSTEMS[system]}": metrics[task][system][setting]
        for task, setting, system in product(TASKS, SETTINGS, SYSTEMS)
    }
    width = max(map(len, rows))
    lines = [" " * width + "".join(f"{name:>8}" for name in RECALLS)]
    for title, values in rows.items():
        lines.append(f"{title:<{width}}" + "".join(f"{values[name]:>8.1f}" for name in RECALLS))
    return "\n".join(lines)
