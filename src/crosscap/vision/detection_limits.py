"""The section `detection` as the detector takes it."""

from __future__ import annotations

from crosscap.config.detection import DetectionSettings
from crosscap.vision.torchvision_detector import DetectionLimits


def detection_limits(settings: DetectionSettings) -> DetectionLimits:
    return DetectionLimits(settings.score_threshold, settings.nms_iou, settings.duplicate_iou, settings.max_objects)
