"""From pictures to scene graphs in one call, as `crosscap caption` needs it and the stages do it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscap.config.detection import DetectionSettings
from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.detectors.detection import Detector
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

    def graphs(self, pictures: Sequence[Picture], ids: Sequence[str] | None = None) -> list[SceneGraph]:
        """The scene graph of each picture; ids are ``0``, ``1``, … unless given."""
        ids = list(ids) if ids is not None else [str(number) for number in range(len(pictures))]
        return [self._graph(id, picture) for id, picture in zip(ids, pictures, strict=True)]

    def _graph(self, id: str, picture: Picture) -> SceneGraph:
        sight = self.detector.look([picture])  # one at a time, as the stages do
        found = kept_objects(sight.detections[0], self.limits)
        height, width = picture.shape[:2]
        regions = detected_regions(self.relations, found, width, height, lambda boxes: sight.box_features([boxes])[0])
        (said,) = predict(self.relations, [regions])
        return predicted_graph(id, found, said, self.detector.classes, self.relations.names, self.labels, self.limits)
