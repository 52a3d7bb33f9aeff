"""Which pairs are kept: section ``filter`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crosscap.config.section import Section

Side = Literal["source", "target"]
Share = Annotated[float, Field(ge=0, le=1)]
RuleName = Literal["clean", "copies", "language", "words", "length_ratio", "coverage", "duplicates", "alignment"]


class Words(Section):
    sides: tuple[Side, ...]
    min: int
    max: int


class Coverage(Section):
    sides: tuple[Side, ...]
    min: Share


class LengthRatio(Section):
    max: Annotated[float, Field(ge=1)]


class Alignment(Section):
    iterations: Annotated[int, Field(ge=1)]
    sample: Annotated[int, Field(ge=1)]
    min: float


class Split(Section):
    val: Annotated[float, Field(ge=0)]
    test: Annotated[float, Field(ge=0)]


class FilterSettings(Section):
    rules: tuple[RuleName, ...]
    words: Words
    coverage: Coverage
    length_ratio: LengthRatio
    alignment: Alignment
    split: Split
