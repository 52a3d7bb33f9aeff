"""What relation models share, and the two plain ones: frequencies alone, and a perceptron beside them.

Every model says three things of the boxes of a picture: their classes, their attributes, and the predicates between
them. Where the classes of boxes are asked for, a linear layer on the box features gives the first guess; a detector's
own class layer does the same, but imported features come without one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from crosscap.vision.relations.batch import Batch
from crosscap.vision.relations.regions import GEOMETRY


@dataclass(frozen=True)
class RelationNames:
    """What the outputs mean. Predicate column 0 of a network is "no relation"."""

    classes: tuple[str, ...]
    attributes: tuple[str, ...]
    predicates: tuple[str, ...]


@dataclass(frozen=True)
class Architecture:
    """All that shapes a model besides its names: see section ``relations`` of ``params.yaml``; `feature_size` is D."""

    backend: str
    feature_size: int
    hidden_size: int
    class_size: int
    layers: int
    dropout: float
    order: str
    union_features: bool
    relabel_detections: bool
    overlapping_pairs: bool
    max_attributes: int

    @property
    def reads_unions(self) -> bool:
        """Whether `Regions.unions` must be filled."""
        return self.backend == "motifs" and self.union_features


@dataclass(frozen=True)
class Statistics:
    """What the training examples say without learning; C classes, A attributes, P predicates.

    Attributes:
        feature_mean, feature_scale: [D] mean and 1 / standard deviation of the box features.
        predicates: [C, C, P + 1] log probabilities given the classes of subject and object.
        attributes: [C, A] log odds given the class.
    """

    feature_mean: Tensor
    feature_scale: Tensor
    predicates: Tensor
    attributes: Tensor


@dataclass(frozen=True)
class Output:
    """What a model says of a batch.

    Attributes:
        guess: [N, C] logits of the first guess.
        classes: [N, C + 1] logits of a second one from context, column 0: no object; None where there is none.
        labels: [N] classes that attributes and predicates go by.
        scores: [N] how sure the labels are, in [0, 1].
        attributes: [N, A] logits; an object may have several.
        predicates: [R, P + 1] logits, column 0: no relation.
    """

    guess: Tensor
    classes: Tensor | None
    labels: Tensor
    scores: Tensor
    attributes: Tensor
    predicates: Tensor


class RelationModel(nn.Module, ABC):
    """Shapes: N boxes of a batch, R ordered pairs of them, D features, C classes, A attributes, P predicates.

    The frequencies of predicates given both classes enter every model: MOTIFS' bias (Zellers et al. 2018, section 4).
    """

    feature_mean: Tensor
    feature_scale: Tensor
    predicate_prior: Tensor
    attribute_prior: Tensor

    def __init__(self, names: RelationNames, architecture: Architecture) -> None:
        super().__init__()
        self.names, self.architecture = names, architecture
        classes, features = len(names.classes), architecture.feature_size
        self.guess = nn.Linear(features, classes)
        self.register_buffer("feature_mean", torch.zeros(features))
        self.register_buffer("feature_scale", torch.ones(features))
        self.register_buffer("predicate_prior", torch.zeros(classes, classes, len(names.predicates) + 1))
        self.register_buffer("attribute_prior", torch.zeros(classes, len(names.attributes)))

    def adopt(self, statistics: Statistics) -> None:
        """Take over what was counted."""
        self.feature_mean.copy_(statistics.feature_mean)
        self.feature_scale.copy_(statistics.feature_scale)
        self.predicate_prior.copy_(statistics.predicates)
        self.attribute_prior.copy_(statistics.attributes)

    @abstractmethod
    def forward(self, batch: Batch, truth: Tensor | None = None) -> Output:
        """Judge a batch of at least one box.

        Args:
            truth: [N] gold classes, -1 for boxes of nothing. In training only: models with memory of their own choices
                are shown the right ones (teacher forcing).
        """

    def scaled(self, features: Tensor) -> Tensor:
        return (features - self.feature_mean) * self.feature_scale

    def prior(self, labels: Tensor, pairs: Tensor) -> Tensor:
        """[R, P + 1] log frequencies."""
        return self.predicate_prior[labels[pairs[:, 0]], labels[pairs[:, 1]]]

    def first_labels(self, batch: Batch, guess: Tensor) -> tuple[Tensor, Tensor]:
        """Labels and scores [N] as the batch states them, or the first guess where it states none."""
        best, labels = guess.softmax(1).max(1)
        stated = batch.trust > 0
        return torch.where(stated, batch.labels, labels), torch.where(stated, batch.trust, best)


class FrequencyModel(RelationModel):
    """Attributes and predicates as often as the classes had them in training, whatever the picture shows."""

    def forward(self, batch: Batch, truth: Tensor | None = None) -> Output:
        guess = self.guess(self.scaled(batch.features))
        labels, scores = self.first_labels(batch, guess)
        return Output(guess, None, labels, scores, self.attribute_prior[labels], self.prior(labels, batch.pairs))


class PerceptronModel(RelationModel):
    """Two perceptrons: of a box for its attributes, of both boxes and how they lie for the predicate."""

    def __init__(self, names: RelationNames, architecture: Architecture) -> None:
        super().__init__(names, architecture)
        hidden, dropout = architecture.hidden_size, architecture.dropout
        described = architecture.feature_size + architecture.class_size
        self.embedding = nn.Embedding(len(names.classes), architecture.class_size)
        self.attribute_head = perceptron(described, hidden, len(names.attributes), dropout)
        self.object = nn.Linear(described, hidden)
        self.predicate_head = perceptron(2 * hidden + GEOMETRY, hidden, len(names.predicates) + 1, dropout)

    def forward(self, batch: Batch, truth: Tensor | None = None) -> Output:
        features = self.scaled(batch.features)
        guess = self.guess(features)
        labels, scores = self.first_labels(batch, guess)
        described = torch.cat([features, self.embedding(labels)], 1)
        objects = self.object(described).relu()
        subject, other = batch.pairs.unbind(1)
        pair = torch.cat([objects[subject], objects[other], batch.geometry], 1)
        predicates = self.predicate_head(pair) + self.prior(labels, batch.pairs)
        return Output(guess, None, labels, scores, self.attribute_head(described), predicates)


def perceptron(inner: int, hidden: int, outer: int, dropout: float) -> nn.Sequential:
    """One hidden layer."""
    return nn.Sequential(nn.Linear(inner, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, outer))
