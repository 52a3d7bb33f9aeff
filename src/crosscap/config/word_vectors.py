"""How word vectors are made: section ``word_vectors`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class PretrainedVectors(Section):
    source: str
    target: str


class WordVectorTraining(Section):
    mix: Literal["none", "interleaved"]
    size: int = Field(ge=1)
    window: int = Field(ge=1)
    min_count: int = Field(ge=1)
    shortest_subword: int = Field(ge=1)
    longest_subword: int = Field(ge=0)
    buckets: int = Field(ge=1)
    negatives: int = Field(ge=1)
    subsampling: float = Field(ge=0)
    learning_rate: float = Field(gt=0)
    epochs: int = Field(ge=1)
    seed: int = Field(ge=0)


class WordVectorSettings(Section):
    backend: Literal["fasttext"]
    pretrained: PretrainedVectors | None
    max_words: int = Field(ge=0)
    train: WordVectorTraining
