"""What a relation model learns from: gold and detected boxes of annotated pictures, and what is true of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from crosscap.config.relations import RelationsTraining
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations
from crosscap.vision.detectors.detection import Detector, Sight, overlap
from crosscap.vision.images import Picture
from crosscap.vision.relations.model import Architecture, Statistics
from crosscap.vision.relations.regions import Pool, Regions, all_pairs, make_regions, overlapping


@dataclass(frozen=True)
class Example:
    """Boxes of one picture, gold or detected, with what a model shall say.

    Attributes:
        classes: [N] gold classes, -1 where a box holds nothing that is annotated.
        attributes: [N, A] 1 where the object has the attribute; known: [N] whether its attributes are known.
        predicates: [R, P + 1] a distribution; several gold predicates of a pair share it, none is column 0.
    """

    regions: Regions
    classes: NDArray[np.int64]
    attributes: NDArray[np.float32]
    known: NDArray[np.bool_]
    predicates: NDArray[np.float32]

    @property
    def nbytes(self) -> int:
        arrays = [*vars(self.regions).values(), self.classes, self.attributes, self.known, self.predicates]
        return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))


@dataclass(frozen=True)
class _View:
    """One set of boxes of a picture, with all its pairs; ``owners`` are rows of the annotation, -1 for none."""

    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    trust: NDArray[np.float32]
    given: bool
    features: NDArray[np.float32]
    owners: NDArray[np.int64]
    pairs: NDArray[np.int64]
    pool: Pool


class Examples:
    """Two examples a picture: its gold boxes, and what the detector sees of them.

    A detected box stands for the gold box that it overlaps most, if by `RelationsTraining.match_iou` and more; others
    have no relations and unknown attributes. Gold classes that the detector does not know are left out.

    Examples are computed from the frozen detector, one picture at a time, and kept while they fit into
    `RelationsTraining.memory_mb`; those beyond are computed again whenever they are asked for, to the same bytes.

    Args:
        pictures: row of ``annotations.images`` -> picture.
        architecture: of the model that shall learn from them.
    """

    def __init__(
        self,
        detector: Detector,
        annotations: Annotations,
        pictures: Callable[[int], Picture],
        settings: RelationsTraining,
        architecture: Architecture,
    ) -> None:
        self.detector, self.annotations, self.pictures, self.settings = detector, annotations, pictures, settings
        self.architecture = architecture
        known = {name: row for row, name in enumerate(detector.classes)}
        self._classes = np.array([known.get(name, -1) for name in annotations.classes], dtype=np.int64)
        self._attributes = {name: column for column, name in enumerate(annotations.attributes)}
        self._predicates = {name: column for column, name in enumerate(annotations.predicates, 1)}
        self._kept: dict[int, list[Example]] = {}
        self._free = settings.memory_mb * 1_000_000

    def look(self, row: int) -> Sight:
        """What the detector sees of a picture."""
        return self.detector.look([self.pictures(row)])

    def __len__(self) -> int:
        """Pictures."""
        return len(self.annotations.images)

    def __getitem__(self, row: int) -> list[Example]:
        """The examples of a picture that have any box; gold boxes come first, with given labels."""
        if row in self._kept:
            return self._kept[row]
        return [self._example(view, row) for view in self._views(row)]

    def survey(self) -> Statistics | None:
        """Look at every picture once: count over all pairs, keep the examples that fit. None if there is no box."""
        classes, width = len(self.detector.classes), self.detector.feature_size
        predicates = np.zeros((classes, classes, len(self._predicates) + 1))
        attributes = np.zeros((classes, len(self._attributes), 2))
        count, total, squares = 0, np.zeros(width), np.zeros(width)
        for row in progress(range(len(self)), "box features"):
            examples = []
            for view in self._views(row):
                image = self.annotations.images[row]
                subject, other = view.labels[view.pairs.T]
                np.add.at(predicates, (subject, other), self._said_of_pairs(image, view.owners, view.pairs))
                known = view.owners >= 0
                said = self._said_of_boxes(image, view.owners)[known]
                np.add.at(attributes, view.labels[known], np.stack([said, 1 - said], 2))
                values = view.features.astype(np.float64)
                count, total, squares = count + len(values), total + values.sum(0), squares + (values**2).sum(0)
                examples.append(self._example(view, row))
            self._keep(row, examples)
        if not count:
            return None
        mean = total / count
        scale = 1 / np.sqrt((squares / count - mean**2).clip(1e-4))
        smoothing = self.settings.prior_smoothing
        frequencies = np.log(_smoothed(predicates, (0, 1), smoothing))
        odds = np.log(_smoothed(attributes, (0,), smoothing))
        arrays = (mean, scale, frequencies, odds[..., 0] - odds[..., 1])
        return Statistics(*(torch.from_numpy(array.astype(np.float32)) for array in arrays))

    def _keep(self, row: int, examples: list[Example]) -> None:
        size = sum(example.nbytes for example in examples)
        if size <= self._free:
            self._kept[row] = examples
            self._free -= size

    def _views(self, row: int) -> Iterator[_View]:
        image = self.annotations.images[row]
        sight = self.look(row)

        def pool(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
            return sight.box_features([boxes])[0]

        labels = self._classes[image.labels]
        owners = np.flatnonzero(labels >= 0)
        if len(owners) and sight.has_maps:
            boxes = image.boxes[owners]
            trust, pairs = np.ones(len(owners), np.float32), all_pairs(len(owners))
            yield _View(boxes, labels[owners], trust, True, pool(boxes), owners, pairs, pool)
        (found,) = sight.detections
        if len(found):
            pairs = all_pairs(len(found))
            if self.architecture.overlapping_pairs:
                pairs = pairs[overlapping(found.boxes, pairs)]
            owners = _owners(found.boxes, image.boxes, self.settings.match_iou)
            yield _View(found.boxes, found.labels, found.scores, False, found.features, owners, pairs, pool)

    def _example(self, view: _View, row: int) -> Example:
        image, owners = self.annotations.images[row], view.owners
        said = self._said_of_pairs(image, owners, view.pairs)
        # Drawn once for a picture, not anew each epoch: kept and recomputed examples shall be the same.
        random = np.random.default_rng((self.settings.seed, row, view.given))
        kept = _sample(said[:, 0] < 1, self.settings.pairs_per_image, self.settings.related_share, random)
        pool = view.pool if self.architecture.reads_unions else None
        regions = make_regions(
            view.boxes,
            view.labels,
            view.trust,
            view.given,
            view.features,
            view.pairs[kept],
            image.width,
            image.height,
            pool,
        )
        classes = np.where(owners >= 0, self._classes[image.labels][owners], -1) if len(image.labels) else owners
        return Example(regions, classes, self._said_of_boxes(image, owners), owners >= 0, said[kept])

    def _said_of_boxes(self, image: AnnotatedImage, owners: NDArray[np.int64]) -> NDArray[np.float32]:
        """[N, A]: attributes of the annotated objects, at most `Architecture.max_attributes` of each."""
        table = np.zeros((len(image.labels) + 1, len(self._attributes)), np.float32)  # the last row is nobody's
        for object_row, names in enumerate(image.attributes):
            columns = [self._attributes[name] for name in dict.fromkeys(names)]
            table[object_row, columns[: self.architecture.max_attributes]] = 1
        return table[owners]

    def _said_of_pairs(
        self, image: AnnotatedImage, owners: NDArray[np.int64], pairs: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """[R, P + 1] distributions."""
        count = len(image.labels) + 1  # the last row and column are nobody's
        table = np.zeros((count, count, len(self._predicates) + 1), np.float32)
        for subject, predicate, other in image.relations:
            table[subject, other, self._predicates[predicate]] = 1
        table[..., 0] = table.sum(2) == 0
        table /= table.sum(2, keepdims=True)
        return table[owners[pairs[:, 0]], owners[pairs[:, 1]]]


def _owners(boxes: NDArray[np.float32], gold: NDArray[np.float32], match_iou: float) -> NDArray[np.int64]:
    """[N] the row of ``gold`` that each box overlaps most, -1 where that is too little."""
    if not len(gold):
        return np.full(len(boxes), -1)
    table = overlap(boxes, gold)
    return np.where(table.max(1) >= match_iou, table.argmax(1), -1)


def _sample(
    related: NDArray[np.bool_], count: int, related_share: float, random: np.random.Generator
) -> NDArray[np.int64]:
    """Rows of at most ``count`` pairs, at most ``related_share`` of ``count`` related ones, in rising order."""
    some = random.permutation(np.flatnonzero(related))[: int(count * related_share)]
    others = random.permutation(np.flatnonzero(~related))[: count - len(some)]
    return np.sort(np.concatenate([some, others]))


def _smoothed(counts: NDArray[np.float64], axes: tuple[int, ...], smoothing: float) -> NDArray[np.float64]:
    """Frequencies along the last axis, as if ``smoothing`` more had been seen that are as the sum over ``axes``."""
    overall = counts.sum(axes) + 1
    counts = counts + smoothing * overall / overall.sum(-1, keepdims=True)
    return counts / counts.sum(-1, keepdims=True)
