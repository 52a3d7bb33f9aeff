"""Constituency parsers: section ``constituency_parser`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class Training(Section):
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(ge=0)
    clip: float = Field(gt=0)
    width: int = Field(ge=8)
    layers: int = Field(ge=1)
    heads: int = Field(ge=1)
    dropout: float = Field(ge=0, lt=1)
    unknown_characters: float = Field(ge=0, lt=1)
    lowercase: bool
    seed: int
    threads: int = Field(ge=0)


class ConstituencyParserSettings(Section):
    languages: tuple[str, ...]
    targets: tuple[str, ...]
    backend: Literal["benepar"]
    pretrained: dict[str, str]
    train: Training
