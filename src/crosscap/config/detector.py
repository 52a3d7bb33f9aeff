"""The object detector: section ``detector`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class DetectorTraining(Section):
    seed: int
    threads: int = Field(ge=0)
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    weight_decay: float = Field(ge=0)
    flip: float = Field(ge=0, le=1)
    jitter: float = Field(ge=0, lt=1)
    scale_jitter: float = Field(ge=0, lt=1)
    attribute_weight: float = Field(ge=0)
    checkpoint_steps: int = Field(ge=1)


class DetectorSettings(Section):
    backend: Literal["torchvision_small", "torchvision", "detectron2", "imported", "none"]
    pretrained: str | None
    config: str | None
    classes: str | None
    attributes: str | None
    short_side: int = Field(ge=16)
    long_side: int = Field(ge=16)
    anchors: tuple[int, ...] = Field(min_length=1)
    channels: int = Field(ge=8)
    feature_size: int = Field(ge=1)
    train: DetectorTraining
