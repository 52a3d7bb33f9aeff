"""Parameters with which every stage of ``dvc.yaml`` exists."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

MATRICES = (
    "languages.targets",
    "phase1.variants",
    "phase2.variants",
    "caption_corpus.targets",
    "caption_corpus.variants",
    "constituency_parser.languages",
    "constituency_parser.targets",
)
"""Parameters that make stages of their own; test_dag.py has their tests, and no closure is asked of them."""


def with_every_stage(parameters: dict[str, Any]) -> dict[str, Any]:
    """A copy of ``parameters`` in which lists that are empty by default, and so make no stage, hold something."""
    values = deepcopy(parameters)
    values["caption_corpus"] |= {
        "targets": values["languages"]["targets"],
        "variants": values["phase1"]["variants"][:1],
    }
    values["phase2"]["variants"] = [*values["phase2"]["variants"], f"{values['phase1']['variants'][0]}-captions"]
    return values
