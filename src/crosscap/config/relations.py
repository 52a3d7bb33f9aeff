"""Attributes and relations of detected objects: section ``relations`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class RelationsTraining(Section):
    seed: int
    threads: int = Field(ge=0)
    epochs: int = Field(ge=1)
    batch_images: int = Field(ge=1)
    pairs_per_image: int = Field(ge=1)
    related_share: float = Field(gt=0, le=1)
    memory_mb: int = Field(ge=0)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(ge=0)
    score_threshold: float = Field(ge=0, lt=1)
    match_iou: float = Field(gt=0, le=1)
    prior_smoothing: float = Field(gt=0)
    checkpoint_epochs: int = Field(ge=1)


class RelationsSettings(Section):
    backend: Literal["motifs", "mlp", "frequency"]
    pretrained: str | None
    hidden_size: int = Field(ge=1)
    class_size: int = Field(ge=1)
    layers: int = Field(ge=1)
    dropout: float = Field(ge=0, lt=1)
    order: Literal["left_right", "size", "confidence"]
    union_features: bool
    relabel_detections: bool
    overlapping_pairs: bool
    max_attributes: int = Field(ge=1)
    train: RelationsTraining
