"""What chance may have done to the scores: intervals beside them, and differences between runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crosscap.io.artifacts import read_json
from crosscap.report.markup import Remarked, element, escape, readable, signed, table
from crosscap.report.order import METRICS, ordered


def read_significance(path: Path) -> Mapping[str, Any]:
    """``reports/significance/T.json``; without the file, what it would hold of no run."""
    return read_json(path) if path.is_file() else {"settings": {}, "intervals": {}, "differences": []}


def with_interval(significance: Mapping[str, Any], run: str, captions: str, metric: str, score: float | None) -> Any:
    """The score with its interval below it, or alone where there is none."""
    return bounded(score, significance["intervals"].get(run, {}).get(captions, {}).get(metric))


def bounded(score: float | None, interval: Sequence[float] | None) -> Any:
    """A score with its interval below it, if it has both."""
    if score is None or interval is None:
        return score
    low, high = interval
    return Remarked(score, f"{low:.1f} – {high:.1f}")


def read_chance(*paths: Path) -> dict[str, Any]:
    """Files of intervals, see `crosscap.significance.stage_intervals.content`, as one; those not there add nothing."""
    found: dict[str, Any] = {"settings": {}, "intervals": {}}
    for path in paths:
        if path.is_file():
            content = read_json(path)
            found["settings"] = content["settings"]
            for name, values in content["intervals"].items():
                found["intervals"].setdefault(name, {}).update(values)
    return found


def chance_note(chance: Mapping[str, Any], items: str) -> str:
    """What the small numbers of a table are, ``items`` being what was resampled; empty without any."""
    settings = chance["settings"]
    if not chance["intervals"]:
        return ""
    text = f"Below a score: its {settings['confidence']:.0%} interval, by {settings['samples']:,} bootstrap samples of "
    return element("p", escape(f"{text}{items}."), class_="note")


def interval_note(significance: Mapping[str, Any]) -> str:
    """What the small numbers are; empty without any."""
    settings = significance["settings"]
    if not significance["intervals"]:
        return ""
    text = (
        f"Below a score: its {settings['confidence']:.0%} interval, by {settings['samples']:,} bootstrap samples of "
        "the images. It tells what other images of the same kind could give, not what another training would."
    )
    return element("p", escape(text), class_="note")


def difference_table(significance: Mapping[str, Any]) -> str:
    """A row a pair of systems, a column a metric: difference, its interval and p; or that nothing was compared.

    p is corrected by Holm's method over the metrics of a pair where the file has that; a difference whose p is not
    below 1 - confidence is shown paler.
    """
    pairs: dict[tuple[str, str], dict[str, Any]] = {}
    for row in significance["differences"]:
        pairs.setdefault((row["first"], row["second"]), {})[row["metric"]] = row
    if not pairs:
        return element("p", "No two systems were compared.", class_="note")
    metrics = ordered({metric for found in pairs.values() for metric in found}, METRICS)
    level = 1 - significance["settings"].get("confidence", 0.95)
    rows = [
        (f"{_system(first)} − {_system(second)}", [_cell(found.get(metric), level) for metric in metrics])
        for (first, second), found in pairs.items()
    ]
    return table(["first − second", *metrics], rows)


def seed_table(significance: Mapping[str, Any]) -> str:
    """Mean and standard deviation over the seeds of a system that was trained with several; empty without one."""
    rows: list[tuple[str, Mapping[str, Any]]] = [
        (f"{_system(f'{system}/{captions}')}, {len(content['seeds'])} seeds", scores)
        for system, content in significance.get("systems", {}).items()
        for captions, scores in content["sets"].items()
    ]
    if not rows:
        return ""
    metrics = ordered({name for _, scores in rows for name in scores}, METRICS)
    cells = [(title, [_over_seeds(scores.get(metric)) for metric in metrics]) for title, scores in rows]
    return element("h3", "Mean over seeds ± standard deviation") + table(["", *metrics], cells)


def _over_seeds(summary: Mapping[str, Any] | None) -> Remarked | None:
    return None if summary is None else Remarked(summary["mean"], f"± {summary['standard_deviation']:.1f}")


def _system(name: str) -> str:
    """``hgm/with_phase2`` → ``hgm, with phase 2``."""
    run, _, captions = name.partition("/")
    return ", ".join(part for part in (run, readable(captions)) if part)


def _cell(row: Mapping[str, Any] | None, level: float) -> Remarked | None:
    if row is None:
        return None
    p = row.get("p_holm", row["p_randomisation"])
    words = "p < 0.001" if p < 0.001 else f"p {p:.3f}"
    remark = f"{signed(row['low'])} to {signed(row['high'])}\n{words}"
    return Remarked(row["difference"], remark, signed=True, certain=p < level)
