from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from crosscap.vision.annotations.annotated_images import Annotations, read_annotations
from crosscap.vision.detectors.detection import Detections, Detector, Sight
from crosscap.vision.detectors.validation import average_precisions
from crosscap.vision.images import Picture
from crosscap.vision.picture_source import PictureSource


class Gold(Detector):
    """Finds what is annotated, in every picture but the first."""

    def __init__(self, annotations: Annotations) -> None:
        self.images, self.classes, self.attributes, self.feature_size = annotations.images, annotations.classes, (), 0
        self.row = 0

    def look(self, pictures: Sequence[Picture]) -> Sight:
        self.row += 1
        image = self.images[self.row]
        count = len(image.labels)
        none = np.zeros((count, 0), np.float32)
        found = Detections(image.boxes, image.labels, np.full(count, 0.9, np.float32), none, none)
        return Sight(lambda: [found], lambda boxes: [])


def test_validation_is_average_precision_and_an_unreadable_picture_costs_only_itself(
    shapes: Path, tmp_path: Path
) -> None:
    annotations = read_annotations(shapes / "annotations/instances_test.json")
    for image in annotations.images[1:]:
        (tmp_path / image.file_name).write_bytes((shapes / "images/test" / image.file_name).read_bytes())
    source = PictureSource(tmp_path, annotations.images)
    scores = average_precisions(Gold(annotations), annotations, source)
    # Two of three objects of each class at full precision: 67 of COCO's 101 recall steps.
    assert scores == {"mAP@50": round(67 / 101, 4), "mAP": round(67 / 101, 4)}
    nothing = replace(annotations, images=())
    assert average_precisions(Gold(annotations), nothing, source) == {"mAP@50": None, "mAP": None}
