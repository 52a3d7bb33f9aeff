"""What counts as a detection."""

from __future__ import annotations

from dataclasses import dataclass

from crosscap.config.detection import DetectionSettings


@dataclass(frozen=True)
class DetectionLimits:
    """Thresholds and limits of every backend.

    Attributes:
        score_threshold: lowest score kept.
        nms_iou: of boxes of one class that overlap more than this only the best stays.
        duplicate_iou: the same across classes: nearly one box is one thing, whatever its name.
        max_objects: boxes kept a picture.
    """

    score_threshold: float = 0.05
    nms_iou: float = 0.5
    duplicate_iou: float = 0.85
    max_objects: int = 30


def detection_limits(settings: DetectionSettings) -> DetectionLimits:
    """The section ``detection`` as a detector takes it."""
    return DetectionLimits(settings.score_threshold, settings.nms_iou, settings.duplicate_iou, settings.max_objects)
