"""What captions say, beyond the words that they share with references: variety, invented objects, structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crosscap.io.artifacts import read_json
from crosscap.report.headline import metrics_notes
from crosscap.report.markup import element, readable, table
from crosscap.report.order import SETS, ordered
from crosscap.report.significance import bounded, chance_note, read_chance

# Score → heading of its column.
COLUMNS = {
    "distinct-1": "distinct-1",
    "distinct-2": "distinct-2",
    "vocabulary": "vocabulary",
    "mean_length": "mean length",
    "novel_sentences": "novel sentences",
    "CHAIR_i": "CHAIR i",
    "CHAIR_s": "CHAIR s",
    "beta_G": "β G",
    "beta_C": "β C",
}
FILES = ("content", "trees")


def read_content(root: Path, target: str, variants: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Variant → ``{"captions": {set: {score: value}}, "missing"}`` of ``reports/metrics/{content,trees}_T_V.json``.

    ``chance``: their intervals, see `read_chance`.
    A variant that has none of them is left out.
    """
    found: dict[str, dict[str, Any]] = {}
    for variant in variants:
        for kind in FILES:
            path = root / f"reports/metrics/{kind}_{target}_{variant}.json"
            if not path.is_file():
                continue
            content = read_json(path)
            merged = found.setdefault(variant, {"captions": {}, "counts": {}, "missing": {}})
            merged["chance"] = read_chance(*(root / f"reports/significance/{k}_{target}_{variant}.json" for k in FILES))
            for name, scores in content["captions"].items():
                merged["captions"].setdefault(name, {}).update(scores)
            for group in ("counts", "missing"):
                merged[group].update(content.get(group, {}))
    return found


def content_table(content: Mapping[str, Mapping[str, Any]]) -> str:
    """A row a variant and caption set, a column a score; or that nothing was counted."""
    if not content:
        return element("p", "Nothing was counted.", class_="note")
    rows = [
        (f"{variant}: {readable(name)}", values["captions"][name], values["chance"]["intervals"].get(name, {}))
        for variant, values in content.items()
        for name in ordered(values["captions"], SETS)
    ]
    names = [name for name in COLUMNS if any(name in scores for _, scores, _ in rows)]
    cells = [(title, [bounded(scores.get(name), bounds.get(name)) for name in names]) for title, scores, bounds in rows]
    first = next(iter(content.values()))
    notes = chance_note(first["chance"], "the captions") + metrics_notes(first)
    return table(["", *(COLUMNS[name] for name in names)], cells) + notes
