"""The YAML at the head of a model card, as Hugging Face's hub reads it (its documentation, "Model Cards")."""

from __future__ import annotations

from typing import Any

import yaml

from crosscap.model_card.facts import Facts, scored

# Of the hub's identifiers of licences those that captions, parallel text and pictures come under; written as here.
LICENCES = (
    "apache-2.0", "bsd-3-clause", "cc0-1.0", "cc-by-2.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0",
    "cc-by-nc-4.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "gpl-3.0", "mit", "odc-by",
)  # fmt: skip
# Our metrics → the types that the hub knows them by; it has none for SPICE's scores of captions.
TYPES = {
    **{f"BLEU-{order}": "bleu" for order in range(1, 5)},
    "METEOR": "meteor",
    "ROUGE-L": "rouge",
    "CIDEr": "cider",
    "SPICE": "spice",
}
RESULT = "with_phase2"


def header(facts: Facts) -> str:
    """The header between its two lines of hyphens; scores are those of the whole system, captions with phase 2."""
    values: dict[str, Any] = {
        "language": [facts.target],
        **_licence(facts),
        "library_name": "crosscap",
        "pipeline_tag": "image-to-text",
        "tags": ["image-captioning", "scene-graph", "unpaired-captioning", "unison"],
        "metrics": list(dict.fromkeys(TYPES[metric] for metric, _ in _results(facts))),
        "model-index": [{"name": facts.name, "results": [_entry(facts)]}],
    }
    return f"---\n{yaml.safe_dump(values, allow_unicode=True, sort_keys=False)}---\n"


def _results(facts: Facts) -> list[tuple[str, float]]:
    found = {metric: score for name, metric, score, _ in scored(facts) if name == RESULT}
    return [(metric, found[metric]) for metric in TYPES if metric in found]


def _entry(facts: Facts) -> dict[str, Any]:
    source = str(facts.manifest["source"])
    return {
        "task": {"type": "image-to-text", "name": "Image captioning"},
        "dataset": {"type": source, "name": f"{source}, test images", "split": "test"},
        "metrics": [
            {"type": TYPES[metric], "name": metric, "value": round(score, 2)} for metric, score in _results(facts)
        ],
    }


def _licence(facts: Facts) -> dict[str, str]:
    """The one licence of all data, where the hub knows it; else the card's own section says what there is.

    A model's licence is its maker's to choose, within what the data allow: this is the proposal that follows from them.
    """
    found = list(facts.licences)
    if len(found) == 1 and found[0].lower() in LICENCES:
        return {"license": found[0].lower()}
    return {"license": "other", "license_name": "see-licences-of-the-data", "license_link": "README.md"}
