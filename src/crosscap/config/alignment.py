"""How two languages' word vectors come into one space: section ``alignment`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class AlignmentSettings(Section):
    backend: Literal["rcsls", "procrustes"]
    center: bool
    neighbours: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    iterations: int = Field(ge=0)
    spectral: bool
    folds: int = Field(ge=0)
    threads: int = Field(ge=0)
