"""How two languages' word vectors come into one space: section ``alignment`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class Induction(Section):
    iterations: int = Field(ge=1)
    pairs: int = Field(ge=1)
    min_count: int = Field(ge=1)
    min_probability: float = Field(ge=0, le=1)
    test: float = Field(ge=0, lt=1)


class AlignmentSettings(Section):
    backend: Literal["rcsls", "procrustes"]
    dictionary: Literal["given", "induced"]
    induction: Induction
    center: bool
    neighbours: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    iterations: int = Field(ge=0)
    spectral: bool
    folds: int = Field(ge=0)
    threads: int = Field(ge=0)
