"""Paraphrases by round trips: section ``back_translation`` of ``params.yaml``."""

from __future__ import annotations

from pydantic import Field

from crosscap.config.section import Section


class BackTranslationSettings(Section):
    copies: int = Field(ge=0)
    temperature: float = Field(gt=0)
    top_k: int = Field(ge=1)
    batch_sentences: int = Field(ge=1)
    seed: int = Field(ge=0)
    threads: int = Field(ge=0)
