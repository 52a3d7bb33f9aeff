"""How the detector is used: section ``detection`` of ``params.yaml``."""

from __future__ import annotations

from pydantic import Field

from crosscap.config.section import Section


class DetectionSettings(Section):
    score_threshold: float = Field(ge=0, lt=1)
    nms_iou: float = Field(gt=0, le=1)
    duplicate_iou: float = Field(gt=0, le=1)
    max_objects: int = Field(ge=1)
    threads: int = Field(ge=0)
