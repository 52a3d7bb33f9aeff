"""Attributes and relations of detected objects: section ``relations`` of ``params.yaml``."""

from __future__ import annotations

from pydantic import Field

from crosscap.config.section import Section


class RelationsTraining(Section):
    seed: int
    threads: int = Field(ge=0)
    epochs: int = Field(ge=1)
    batch_images: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(ge=0)
    dropout: float = Field(ge=0, lt=1)
    hidden_size: int = Field(ge=1)
    class_size: int = Field(ge=1)
    score_threshold: float = Field(ge=0, lt=1)
    match_iou: float = Field(gt=0, le=1)
    prior_smoothing: float = Field(gt=0)
    checkpoint_epochs: int = Field(ge=1)


class RelationsSettings(Section):
    pretrained: str | None
    train: RelationsTraining
