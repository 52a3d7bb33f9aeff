"""Translators of both directions: section ``translator`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class PretrainedTranslators(Section):
    forward: str
    backward: str


class TranslatorTraining(Section):
    pieces: int = Field(ge=16)
    longest_piece: int = Field(ge=1)
    model_size: int = Field(ge=2)
    feed_forward: int = Field(ge=1)
    heads: int = Field(ge=1)
    encoder_layers: int = Field(ge=1)
    decoder_layers: int = Field(ge=1)
    dropout: float = Field(ge=0, lt=1)
    label_smoothing: float = Field(ge=0, lt=1)
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(ge=1)
    weight_decay: float = Field(ge=0)
    clip_norm: float = Field(gt=0)
    batch_sentences: int = Field(ge=1)
    epochs: int = Field(ge=1)
    max_pieces: int = Field(ge=4)
    checkpoint_steps: int = Field(ge=1)
    seed: int = Field(ge=0)


class TranslatorSettings(Section):
    backend: Literal["marian", "none"]
    pretrained: PretrainedTranslators | None
    train: TranslatorTraining
    scored_pairs: int = Field(ge=0)
    threads: int = Field(ge=0)
