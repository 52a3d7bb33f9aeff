"""From pictures to scene graphs in one call, as `crosscap caption` needs it and the stages do it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crosscap.config.detection import DetectionSettings
from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.detectors.detection import Detector, Sight
from crosscap.vision.detectors.limits import detection_limits
from crosscap.vision.detectors.store import load_detector
from crosscap.vision.graphs.label_table import LabelForm, LabelTable
from crosscap.vision.graphs.predicted import GraphLimits, graph_limits, kept_objects, label_form, predicted_graph
from crosscap.vision.images import Picture
from crosscap.vision.relations.model import RelationModel
from crosscap.vision.relations.prediction import detected_regions, predict
from crosscap.vision.relations.store import check_classes, load_relations


class ImageGraphPredictor:
    """A trained detector and relation model."""

    def __init__(self, detector: Detector, relations: RelationModel, limits: GraphLimits, form: LabelForm) -> None:
        self.detector, self.relations, self.limits = detector, relations, limits
        names = relations.names
        self.labels = LabelTable.of(detector.classes, names.attributes, names.predicates, form)

    @classmethod
    def load(
        cls,
        detector_dir: str | Path,
        relations_dir: str | Path,
        detection: DetectionSettings,
        graphs: ImageGraphSettings,
    ) -> ImageGraphPredictor:
        """Load both models.

        Raises:
            InputError: an artifact is missing, damaged or empty (backend ``none``), or the two do not belong together.
        """
        detector = load_detector(detector_dir, detection_limits(detection))
        relations = load_relations(relations_dir)
        if relations is None:
            raise InputError(relations_dir, "no relation model", "a trained one", "Set detector.backend to a detector.")
        check_classes(relations, detector.classes, relations_dir, detector.feature_size)
        return cls(detector, relations, graph_limits(graphs), label_form(graphs))

    def graphs(
        self, pictures: Sequence[Picture], ids: Sequence[str] | None = None, batch_size: int = 1
    ) -> list[SceneGraph]:
        """The scene graph of each picture; ids are ``0``, ``1``, … unless given.

        Args:
            batch_size: pictures that go through the networks together: padded to one size, they differ in rounding
                from one at a time, as the stages do it. Worth it on a GPU.
        """
        ids = list(ids) if ids is not None else [str(number) for number in range(len(pictures))]
        if len(ids) != len(pictures):
            raise ValueError(f"{len(ids)} ids of {len(pictures)} pictures")
        starts = range(0, len(ids), batch_size)
        parts = [self._batch(ids[start : start + batch_size], pictures[start : start + batch_size]) for start in starts]
        return [graph for part in parts for graph in part]

    def _batch(self, ids: Sequence[str], pictures: Sequence[Picture]) -> list[SceneGraph]:
        sight = self.detector.look(pictures)
        found = [kept_objects(some, self.limits) for some in sight.detections]
        regions = []
        for row, (some, picture) in enumerate(zip(found, pictures, strict=True)):
            height, width = picture.shape[:2]
            regions.append(detected_regions(self.relations, some, width, height, partial(_pool, sight, row)))
        return [
            predicted_graph(id, some, said, self.detector.classes, self.relations.names, self.labels, self.limits)
            for id, some, said in zip(ids, found, predict(self.relations, regions), strict=True)
        ]


def _pool(sight: Sight, row: int, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Features of boxes of one of the pictures that ``sight`` is of."""
    none = np.zeros((0, 4), np.float32)
    return sight.box_features([boxes if number == row else none for number in range(len(sight.detections))])[row]
