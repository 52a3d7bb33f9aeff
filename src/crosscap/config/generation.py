"""Decoding: section ``generation`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from crosscap.config.section import Section


class LengthNormSettings(Section):
    kind: Literal["none", "mean", "wu"]
    alpha: Annotated[float, Field(ge=0)]


class SamplingSettings(Section):
    temperature: Annotated[float, Field(gt=0)]
    top_k: Annotated[int, Field(ge=0)]
    top_p: Annotated[float, Field(gt=0, le=1)]
    seed: Annotated[int, Field(ge=0)]


class ConstraintSettings(Section):
    min_words: Annotated[int, Field(ge=0)]
    no_repeat: Annotated[int, Field(ge=0)]
    banned_words: tuple[str, ...]
    required_words: tuple[str, ...]


class GenerationSettings(Section):
    method: Literal["beam", "sample"]
    beam: Annotated[int, Field(ge=1)]
    max_words: Annotated[int, Field(ge=1)]
    n_best: Annotated[int, Field(ge=1)]
    length_norm: LengthNormSettings
    sampling: SamplingSettings
    constraints: ConstraintSettings
    batch_size: Annotated[int, Field(ge=1)]
    threads: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _agree(self) -> GenerationSettings:
        required = set(self.constraints.required_words)
        if self.method == "beam" and self.n_best > self.beam:
            raise ValueError(f"n_best {self.n_best} exceeds beam {self.beam}")
        if self.method == "sample" and required:
            raise ValueError("constraints.required_words need method beam")
        if max(self.constraints.min_words, len(required)) > self.max_words:
            raise ValueError(f"constraints ask for more words than max_words {self.max_words}")
        if clash := required & set(self.constraints.banned_words):
            raise ValueError(f"required and banned at once: {', '.join(sorted(clash))}")
        return self
