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


def relation_table(metrics: Mapping[str, Any], chance: Mapping[str, Any] | None = None) -> str:
    """``reports/metrics/stages_relations.json``: a row a task, setting and system; or why there are no scores.

    Args:
        chance: content of ``reports/significance/stages_relations.json``; half of each interval stands below its score.
    """
    if metrics["missing"]:
        return "\n".join(f"No {name}: {reason}" for name, reason in metrics["missing"].items())
    rows = {
        f"{task}, {SETTINGS[setting]}, {SYSTEMS[system]}": (task, system, setting)
        for task, setting, system in product(TASKS, SETTINGS, SYSTEMS)
    }
    intervals = (chance or {}).get("intervals", {})
    width = max(map(len, rows))
    lines = [" " * width + "".join(f"{name:>8}" for name in RECALLS)]
    for title, (task, system, setting) in rows.items():
        values = metrics[task][system][setting]
        lines.append(f"{title:<{width}}" + "".join(f"{values[name]:>8.1f}" for name in RECALLS))
        bounds = intervals.get(task, {}).get(system, {}).get(setting)
        if bounds:
            halves = ((bounds[name][1] - bounds[name][0]) / 2 if name in bounds else None for name in RECALLS)
            lines.append(" " * width + "".join(" " * 8 if half is None else f"{f'±{half:.1f}':>8}" for half in halves))
    if chance and intervals:
        plan = chance["settings"]
        percent = f"{100 * plan['confidence']:g} %"
        lines += ["", f"±: half of the {percent} interval over the pictures ({plan['samples']:,} bootstrap samples)"]
    return "\n".join(lines)
