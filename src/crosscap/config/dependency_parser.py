"""The dependency parser: section ``dependency_parser`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class Training(Section):
    steps: int = Field(ge=1)
    batch_words: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    dropout: float = Field(ge=0, lt=1)
    width: int = Field(ge=1)
    depth: int = Field(ge=1)
    lowercase: bool
    drop_final_punctuation: float = Field(ge=0, le=1)
    checkpoint_steps: int = Field(ge=1)
    seed: int
    threads: int = Field(ge=0)


class DependencyParserSettings(Section):
    backend: Literal["spacy", "stanza"]
    pretrained: str | None
    train: Training
