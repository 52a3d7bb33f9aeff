"""Examples for the relation model from imported features: the boxes of another detector, what is true of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from crosscap.config.relations import RelationsTraining
from crosscap.vision.annotations.annotated_images import Annotations, read_annotations
from crosscap.vision.detectors.detection import Detections, Detector, Sight, nothing
from crosscap.vision.detectors.table import DetectionTable, read_detections, write_detections
from crosscap.vision.images import Picture
from crosscap.vision.imported_features.importing import FeatureImport
from crosscap.vision.imported_features.pictures import WantedPicture
from crosscap.vision.imported_features.source import check_unchanged, read_source
from crosscap.vision.relations.examples import Examples
from crosscap.vision.relations.model import Architecture, RelationNames


class _AbsentDetector(Detector):
    """The names and the width of features whose detector is elsewhere."""

    def __init__(self, classes: tuple[str, ...], feature_size: int) -> None:
        self.classes, self.feature_size = classes, feature_size
        self.attributes = ()

    def look(self, pictures: Sequence[Picture]) -> Sight:
        raise NotImplementedError("features were imported")


class ImportedExamples(Examples):
    """One example a picture, its imported boxes; there are no features of gold ones.

    Attributes:
        names: what the model shall tell.
    """

    def __init__(
        self, table: DetectionTable, annotations: Annotations, settings: RelationsTraining, architecture: Architecture
    ) -> None:
        detector = _AbsentDetector(table.classes, architecture.feature_size)
        super().__init__(detector, annotations, _no_picture, settings, architecture)
        self.names = RelationNames(table.classes, annotations.attributes, annotations.predicates)
        self._found = {image.id: image.detections for image in table.images}

    def look(self, row: int) -> Sight:
        found = self._found[self.annotations.images[row].id]
        kept = found.head(int((found.scores >= self.settings.score_threshold).sum()))
        # Copied from the file: a model's tensors share the memory of what they are made from.
        whole = Detections(**{name: np.array(array) for name, array in vars(kept).items()})
        return Sight(lambda: [whole if len(whole) else nothing(self.detector.feature_size)], None)


def _no_picture(row: int) -> Picture:
    raise NotImplementedError("features were imported")


def imported_examples(
    raw: Path, classes: tuple[str, ...], architecture: Architecture, settings: RelationsTraining, work: Path
) -> ImportedExamples | None:
    """Examples of the annotated training pictures in ``raw``, whose features are imported into the folder ``work``.

    None where no model can be trained: the features have no names, no object is annotated, or the model reads features
    of the boxes around pairs, which only a detector can pool.

    Raises:
        InputError: see `FeatureImport`.
    """
    annotations = read_annotations(raw / "annotations/instances_train.json")
    reasons = {
        "the imported boxes have no names": not classes,
        "no object of a training picture is annotated": not any(len(image.labels) for image in annotations.images),
        "relations.union_features needs a detector": architecture.reads_unions,
    }
    if reason := next((reason for reason, holds in reasons.items() if holds), None):
        logging.info("no relation model: %s", reason)
        return None
    source = replace(read_source(raw / "image_features.json"), images={})
    check_unchanged(source)
    pictures = [
        WantedPicture(image.id, "train", image.file_name, (image.width, image.height)) for image in annotations.images
    ]
    features = FeatureImport(source, pictures)
    write_detections(work / "features", features, source.classes, source.attributes, features.feature_size)
    return ImportedExamples(read_detections(work / "features"), annotations, settings, architecture)
