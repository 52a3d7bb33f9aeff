"""Pairs and settings for tests of the rules: words are what stands between spaces."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from crosscap.config.filter import FilterSettings
from crosscap.config.loader import validate_section
from crosscap.text.rules.candidate import Candidate, Sentence, Setting

PARAMETERS: dict[str, Any] = {
    "rules": [],
    "words": {"sides": ["source"], "min": 3, "max": 4},
    "coverage": {"sides": ["source"], "min": 0.9},
    "length_ratio": {"max": 2.0},
    "script": {"min": 0.75},
    "numbers": {"max": 0},
    "near_duplicates": {"similarity": 0.8},
    "alignment": {"iterations": 5, "sample": 1000, "min": 0.0},
    "split": {"val": 0.25, "test": 0.25},
}


class Spaces:
    """A tokenizer that cuts at spaces."""

    def tokenize(self, text: str) -> list[str]:
        return text.lower().split()

    def detokenize(self, tokens: Sequence[str]) -> str:
        return " ".join(tokens)


def setting(
    *rules: str,
    dictionaries: Mapping[str, Collection[str]] | None = None,
    languages: tuple[str, str] = ("en", "zh"),
    **parameters: Any,
) -> Setting:
    settings = validate_section(FilterSettings, "filter", {**PARAMETERS, "rules": rules, **parameters}, "params.yaml")
    return Setting(settings, *languages, dictionaries or {})


def pair(source: str, target: str = "一 只 狗") -> Candidate:
    return Candidate(Sentence(source, Spaces()), Sentence(target, Spaces()))
