"""A comparison of two systems as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from crosscap.significance.comparison import Differences
from crosscap.significance.resampling import Resampling
from crosscap.significance.scored_set import ScoredSet

SHOWN = 8  # of each kind of difference; the others are counted


def comparison_table(differences: Differences, plan: Resampling) -> str:
    """A row a metric: scores, difference, interval, p and p after Holm's correction, and what that says."""
    width = max(len("metric"), *(len(each.metric) for each in differences))
    percent = f"{100 * plan.confidence:g} % interval"
    lines = [f"{'':<{width}}{'first':>8}{'second':>8}{'difference':>12}{percent:>18}{'p':>9}{'p, Holm':>9}  chance?"]
    for each in differences:
        bounds = f"{each.low:+.1f} … {each.high:+.1f}"
        verdict = "hardly" if each.p_holm < 1 - plan.confidence else "could be"
        numbers = f"{each.first:>8.1f}{each.second:>8.1f}{each.difference:>+12.1f}{bounds:>18}"
        lines.append(f"{each.metric:<{width}}{numbers}{each.p_randomisation:>9.4f}{each.p_holm:>9.4f}  {verdict}")
    return "\n".join(lines)


def how_it_was_made(differences: Differences, images: int, plan: Resampling) -> str:
    """What the table's numbers are."""
    holm = f"Holm: p corrected for {len(differences)} metrics asked at once. " if len(differences) > 1 else ""
    return (
        f"Intervals: paired bootstrap; p: approximate randomisation; both {plan.samples:,} times over {images:,} "
        f"images, seed {plan.seed}.\n{holm}The chance meant is that of the images."
    )


def list_differences(changes: Mapping[str, Sequence[str]]) -> list[str]:
    """Lines of what differs, by kind; a long list is cut and counted."""
    lines = []
    for kind, words in changes.items():
        if words:
            rest = [f"… and {len(words) - SHOWN} more"] if len(words) > SHOWN else []
            lines += [f"  {kind}", *(f"    {word}" for word in [*words[:SHOWN], *rest])]
    return lines


def seed_lines(spread: Mapping[str, Any]) -> list[str]:
    """Lines of the scores over seeds; see `crosscap.significance.seeds`."""
    lines = []
    for metric, values in spread["metrics"].items():
        parts = [f"{values[side]['mean']:.1f}{_deviation(values[side])}" for side in ("first", "second")]
        line = f"  {metric:<8} {parts[0]} and {parts[1]}"
        if values["difference"] is not None:
            gain = values["difference"]
            line += (
                f"; seed by seed {gain['mean']:+.1f}{_deviation(gain)}, {gain['positive']} of {gain['seeds']} above 0"
            )
        lines.append(line)
    return lines


def extreme_captions(first: ScoredSet, second: ScoredSet, metric: str, count: int) -> dict[str, list[dict[str, Any]]]:
    """The images on which the one, and the other, is furthest ahead by the captions' own scores.

    Returns:
        ``first_better`` and ``second_better``: the largest differences first, ``count`` of them at most.
    """
    gains = first.single[metric] - second.single[metric]
    order = np.argsort(-gains, kind="stable")

    def entries(rows: Sequence[int]) -> list[dict[str, Any]]:
        return [
            {
                "id": first.ids[row],
                "metric": metric,
                "difference": float(gains[row]),
                "first": {"caption": first.captions[row], "score": float(first.single[metric][row])},
                "second": {"caption": second.captions[row], "score": float(second.single[metric][row])},
            }
            for row in rows[:count]
        ]

    return {
        "first_better": entries([int(row) for row in order if gains[row] > 0]),
        "second_better": entries([int(row) for row in order[::-1] if gains[row] < 0]),
    }


def caption_lines(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = []
    for entry in entries:
        for side in ("first", "second"):
            head = f"{entry['id']} {entry['difference']:+.1f}" if side == "first" else ""
            caption = entry[side]["caption"] or "(no caption)"
            lines.append(f"  {head:<22} {entry[side]['score']:>6.1f}  {caption}")
    return lines


def _deviation(summary: Mapping[str, Any]) -> str:
    spread = summary["standard_deviation"]
    return "" if spread is None else f" ± {spread:.1f}"
