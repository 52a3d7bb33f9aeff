"""Which pairs are kept: section ``filter`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crosscap.config.section import Section

Side = Literal["source", "target"]
Share = Annotated[float, Field(ge=0, le=1)]
RuleName = Literal[
    "clean",
    "brackets",
    "copies",
    "language",
    "script",
    "words",
    "length_ratio",
    "coverage",
    "numbers",
    "duplicates",
    "near_duplicates",
    "alignment",
]


def _each_once(names: tuple[RuleName, ...]) -> tuple[RuleName, ...]:
    if len(set(names)) < len(names):
        raise ValueError("each rule at most once, please")
    return names


class Words(Section):
    sides: tuple[Side, ...]
    min: int
    max: int


class Coverage(Section):
    sides: tuple[Side, ...]
    min: Share


class LengthRatio(Section):
    max: Annotated[float, Field(ge=1)]


class Script(Section):
    min: Share


class Numbers(Section):
    max: Annotated[int, Field(ge=0)]


class NearDuplicates(Section):
    similarity: Annotated[float, Field(gt=0, le=1)]


class Alignment(Section):
    iterations: Annotated[int, Field(ge=1)]
    sample: Annotated[int, Field(ge=1)]
    min: float


class Split(Section):
    val: Annotated[float, Field(ge=0)]
    test: Annotated[float, Field(ge=0)]


class FilterSettings(Section):
    rules: Annotated[tuple[RuleName, ...], AfterValidator(_each_once)]
    words: Words
    coverage: Coverage
    length_ratio: LengthRatio
    script: Script
    numbers: Numbers
    near_duplicates: NearDuplicates
    alignment: Alignment
    split: Split
