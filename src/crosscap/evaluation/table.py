"""The metric table that a run ends with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscap.evaluation.scores import METRICS

ROWS = {"without_phase2": "without phase 2", "with_phase2": "with phase 2"}
GOLD = "gold graphs *"
NOTE = "* with phase 2, from the annotations of the test images instead of what is seen in them: no system's result"


def metric_table(metrics: Mapping[str, Any]) -> str:
    """``reports/metrics/T_V.json`` as text: a row a set of captions, a column a metric, times 100."""
    captions = metrics["captions"]
    rows = {name: captions[key] for key, name in ROWS.items()}
    gold = captions.get("gold_graphs", {})
    if any(value is not None for value in gold.values()):
        rows[GOLD] = gold
    width = max(map(len, rows))
    lines = [" " * width + "".join(f"{name:>9}" for name in METRICS)]
    for name, values in rows.items():
        lines.append(f"{name:<{width}}" + "".join(_cell(values.get(metric)) for metric in METRICS))
    if GOLD in rows:
        lines += ["", NOTE]
    shuffled = captions.get("shuffled", {}).get("CIDEr")
    lines.append("")
    lines.append(f"The same captions (with phase 2) shuffled between images: CIDEr{_cell(shuffled)}")
    if metrics.get("image_graphs"):
        lines.append(f"Image graphs: {metrics['image_graphs']}")
    for metric, reason in sorted(metrics.get("missing", {}).items()):
        lines.append(f"{metric}: {reason}")
    return "\n".join(lines)


def _cell(value: float | None) -> str:
    return f"{'-':>9}" if value is None else f"{value:>9.1f}"
