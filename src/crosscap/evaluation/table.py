"""The metric table that a run ends with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscap.evaluation.score_table import METRICS

ROWS = {"without_phase2": "without phase 2", "with_phase2": "with phase 2"}
GOLD = "gold graphs *"
NOTE = "* with phase 2, from the annotations of the test images instead of what is seen in them: no system's result"


def metric_table(metrics: Mapping[str, Any], run: str = "", significance: Mapping[str, Any] | None = None) -> str:
    """``reports/metrics/T_V.json`` as text: a row a set of captions, a column a metric, times 100.

    Below each row stands half of each score's interval where ``significance``, the content of
    ``reports/significance/T.json``, has the run and was computed of these scores; a metric that no row has is left out,
    its reason stands below.
    """
    captions = metrics["captions"]
    rows = {key: name for key, name in (*ROWS.items(), ("gold_graphs", GOLD)) if _has_scores(captions.get(key))}
    rows = {**ROWS, **rows}
    shown = [metric for metric in METRICS if any(captions[key].get(metric) is not None for key in rows)]
    outdated = significance is not None and not _of_these_scores(run, significance, captions)
    intervals = {} if outdated else (significance or {}).get("intervals", {}).get(run, {})
    width = max(map(len, rows.values()))
    lines = [" " * width + "".join(f"{metric:>9}" for metric in shown)]
    for key, name in rows.items():
        lines.append(f"{name:<{width}}" + "".join(_cell(captions[key].get(metric)) for metric in shown))
        if key in intervals:
            lines.append(" " * width + "".join(_half(intervals[key].get(metric)) for metric in shown).rstrip())
    if significance is not None and intervals:
        lines += ["", *_chance_notes(run, significance)]
    if outdated:
        lines += ["", "The intervals are of other scores than these: `dvc repro compare_runs` computes them anew"]
    if "gold_graphs" in rows:
        lines += ["", NOTE]
    shuffled = captions.get("shuffled", {}).get("CIDEr")
    lines.append("")
    lines.append(f"The same captions (with phase 2) shuffled between images: CIDEr{_cell(shuffled)}")
    if metrics.get("image_graphs"):
        lines.append(f"Image graphs: {metrics['image_graphs']}")
    for metric, reason in sorted(metrics.get("missing", {}).items()):
        lines.append(f"{metric}: {reason}")
    return "\n".join(lines)


def seed_notes(significance: Mapping[str, Any]) -> list[str]:
    """A line for each system that was trained from several seeds: its scores with phase 2."""
    lines = []
    for system, spread in significance.get("systems", {}).items():
        scores = spread["sets"].get("with_phase2", {})
        told = ", ".join(
            f"{metric} {scores[metric]['mean']:.1f} ± {scores[metric]['standard_deviation']:.1f}"
            for metric in METRICS
            if metric in scores
        )
        seeds = ", ".join(map(str, spread["seeds"]))
        lines.append(f"{system} with phase 2, mean ± standard deviation over seeds {seeds}: {told}")
    return lines


def _changes(run: str, significance: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What phase 2 changes, metric by metric."""
    pair = (f"{run}/with_phase2", f"{run}/without_phase2")
    return [each for each in significance["differences"] if (each["first"], each["second"]) == pair]


def _of_these_scores(run: str, significance: Mapping[str, Any], captions: Mapping[str, Any]) -> bool:
    """Whether the differences are those of the scores; they are not where only `evaluate` ran again."""
    for each in _changes(run, significance):
        first, second = (captions[key].get(each["metric"]) for key in ("with_phase2", "without_phase2"))
        if first is None or second is None or abs(first - second - each["difference"]) > 0.01:
            return False
    return True


def _chance_notes(run: str, significance: Mapping[str, Any]) -> list[str]:
    settings = significance["settings"]
    percent = f"{100 * settings['confidence']:g} %"
    lines = [f"±: half of the {percent} interval over the test images ({settings['samples']:,} bootstrap samples)"]
    changes = _changes(run, significance)
    metrics = len(changes)  # compared at once: the smallest of several p is small by chance alone
    for each in changes:
        if each["metric"] == "CIDEr":
            bounds = f"{percent} interval {each['low']:+.1f} … {each['high']:+.1f}"
            p = f"p = {each['p_randomisation']:.3f} by approximate randomisation"
            corrected = f"{each['p_holm']:.3f} as one of {metrics} metrics (Holm)"
            lines.append(f"What phase 2 changes: CIDEr {each['difference']:+.1f}, {bounds}, {p}, {corrected}")
    return lines


def _has_scores(scores: Mapping[str, float | None] | None) -> bool:
    return any(value is not None for value in (scores or {}).values())


def _cell(value: float | None) -> str:
    return f"{'-':>9}" if value is None else f"{value:>9.1f}"


def _half(bounds: tuple[float, float] | None) -> str:
    return f"{'':>9}" if bounds is None else f"{f'±{(bounds[1] - bounds[0]) / 2:.1f}':>9}"
