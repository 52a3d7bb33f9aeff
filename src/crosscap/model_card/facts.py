"""What a model card is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SETS = ("with_phase2", "without_phase2", "gold_graphs", "shuffled", "text")
UNDECLARED = "not declared"


@dataclass(frozen=True)
class Facts:
    """One captioner and what is known of it.

    Attributes:
        target, variant, source: language of the captions, name of the run, language of the graphs.
        graphs: what the image graphs are made by.
        metrics: content of ``reports/metrics/T_V.json``.
        significance: content of ``reports/significance/T.json``.
        content: set → score → value, of ``reports/metrics/content_T_V.json``.
        manifest: content of ``data/raw/manifest.json``.
        manifest_digest: sha256 of that file.
        funnel: content of ``data/filtered/T_funnel.json``.
        parameters: name of a group → name of a parameter → its value, as the training had them.
        weights: folder → number of weights in it.
    """

    target: str
    variant: str
    source: str
    graphs: str
    metrics: Mapping[str, Any]
    significance: Mapping[str, Any]
    content: Mapping[str, Mapping[str, float | None]]
    manifest: Mapping[str, Any]
    manifest_digest: str
    funnel: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]]
    weights: Mapping[str, int]

    @property
    def name(self) -> str:
        return f"crosscap-{self.variant}-{self.target}"

    @property
    def licences(self) -> Counter[str]:
        """Licence → files of the raw data that have it, and of the user's files behind them; `UNDECLARED` for none."""
        listed = [*self.manifest["files"].values(), *self.manifest["inputs"]]
        held = (entry for entry in listed if entry.get("records", entry.get("kept")))
        return Counter(licence for entry in held for licence in _each(entry["licence"]))

    @property
    def data(self) -> Mapping[str, tuple[int, int, list[str]]]:
        """Kind of raw data (its folder) → files, records, licences; what was set aside and empty files are left out."""
        found: dict[str, tuple[int, int, list[str]]] = {}
        for path, entry in sorted(self.manifest["files"].items()):
            kind = path.split("/")[0]
            if not entry["records"] or kind == "quarantine":
                continue
            files, records, licences = found.get(kind, (0, 0, []))
            licences = list(dict.fromkeys([*licences, *_each(entry["licence"])]))
            found[kind] = (files + 1, records + entry["records"], licences)
        return found


def scored(facts: Facts) -> Iterator[tuple[str, str, float, tuple[float, float] | None]]:
    """Set, metric, score and its interval, of every score that there is."""
    intervals = facts.significance["intervals"].get(facts.variant, {})
    sets = {**facts.metrics["captions"], "text": facts.metrics.get("text") or {}}
    for name in SETS:
        for metric, score in sets.get(name, {}).items():
            if score is not None:
                interval = intervals.get(name, {}).get(metric)
                yield name, metric, score, None if interval is None else (interval[0], interval[1])


def _each(licences: str) -> list[str]:
    return [licence.strip() for licence in licences.split(";") if licence.strip()] or [UNDECLARED]
