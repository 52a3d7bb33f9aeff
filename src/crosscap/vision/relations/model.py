"""Attributes of objects and predicates between them, from box features: learned heads and a frequency prior.

The prior is that of MOTIFS (Zellers et al. 2018, section 4): the classes of two objects alone say most about how they
are related, so their training counts enter as a bias and the network learns what differs from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

GEOMETRY = 14
"""Numbers that describe a pair of boxes, see `pair_geometry`."""


@dataclass(frozen=True)
class RelationNames:
    """What the heads' outputs mean. Predicate column 0 of the network is "no relation"."""

    classes: tuple[str, ...]
    attributes: tuple[str, ...]
    predicates: tuple[str, ...]


@dataclass(frozen=True)
class RelationSizes:
    """Widths: D of the box features, the hidden layers, a class embedding; dropout of the hidden layers."""

    feature: int
    hidden: int
    embedding: int
    dropout: float


class RelationModel(nn.Module):
    """Attribute and predicate heads.

    Shapes: N objects of a batch, R ordered pairs of them, D features, A attributes, P predicates.
    """

    prior: Tensor
    feature_mean: Tensor
    feature_scale: Tensor

    def __init__(self, names: RelationNames, sizes: RelationSizes) -> None:
        super().__init__()
        self.names, self.sizes = names, sizes
        classes, hidden, embedding = len(names.classes), sizes.hidden, sizes.embedding
        self.embedding = nn.Embedding(classes, embedding)
        self.attribute_head = _perceptron(sizes.feature + embedding, hidden, len(names.attributes), sizes.dropout)
        self.object = nn.Linear(sizes.feature + embedding, hidden)
        self.predicate_head = _perceptron(2 * hidden + GEOMETRY, hidden, len(names.predicates) + 1, sizes.dropout)
        self.register_buffer("prior", torch.zeros(classes, classes, len(names.predicates) + 1))
        self.register_buffer("feature_mean", torch.zeros(sizes.feature))
        self.register_buffer("feature_scale", torch.ones(sizes.feature))

    def attributes(self, features_ND: Tensor, labels_N: Tensor) -> Tensor:
        """Logits [N, A]; an object may have several."""
        return self.attribute_head(self._describe(features_ND, labels_N))

    def predicates(self, features_ND: Tensor, labels_N: Tensor, pairs_R2: Tensor, geometry_RG: Tensor) -> Tensor:
        """Logits [R, P + 1] of the ordered pairs (subject row, object row); column 0: no relation."""
        objects = self.object(self._describe(features_ND, labels_N)).relu()
        subject, other = pairs_R2.unbind(1)
        pair = torch.cat([objects[subject], objects[other], geometry_RG], 1)
        return self.predicate_head(pair) + self.prior[labels_N[subject], labels_N[other]]

    def _describe(self, features_ND: Tensor, labels_N: Tensor) -> Tensor:
        scaled = (features_ND - self.feature_mean) * self.feature_scale
        return torch.cat([scaled, self.embedding(labels_N)], 1)


def _perceptron(inner: int, hidden: int, outer: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inner, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, outer))


def all_pairs(count: int) -> NDArray[np.int64]:
    """[count * (count - 1), 2]: every ordered pair of different rows."""
    subject, other = np.divmod(np.arange(count * count, dtype=np.int64), max(count, 1))
    return np.stack([subject, other], 1)[subject != other]


def pair_geometry(boxes: NDArray[np.float32], pairs: NDArray[np.int64], width: int, height: int) -> NDArray[np.float32]:
    """[R, GEOMETRY]: both boxes in parts of the picture, offset and log sizes, overlap and its share of each box."""
    scaled = boxes / np.array([width, height, width, height], np.float32)
    size = (scaled[:, 2:] - scaled[:, :2]).clip(1e-3)
    centre = (scaled[:, 2:] + scaled[:, :2]) / 2
    subject, other = pairs[:, 0], pairs[:, 1]
    low = np.maximum(scaled[subject, :2], scaled[other, :2])
    high = np.minimum(scaled[subject, 2:], scaled[other, 2:])
    shared = (high - low).clip(0).prod(1, keepdims=True)
    areas = size.prod(1, keepdims=True)
    bottoms = scaled[subject, 3:] - scaled[other, 3:]
    return np.concatenate(
        [
            (centre[subject] - centre[other]) / size[other],
            (centre[subject] - centre[other]) * 4,
            np.log(size[subject] / size[other]),
            np.log(size[subject]),
            np.log(size[other]),
            shared / areas[subject],
            shared / areas[other],
            bottoms * 4,
            bottoms / size[other, 1:],
        ],
        axis=1,
    ).clip(-5, 5).astype(np.float32)  # fmt: skip


@dataclass(frozen=True)
class Predictions:
    """What the heads say about one picture.

    Attributes:
        attributes: [N, A] probabilities.
        pairs: [R, 2] all ordered pairs.
        predicates: [R, P] probabilities; a row sums to 1 less that of "no relation".
    """

    attributes: NDArray[np.float32]
    pairs: NDArray[np.int64]
    predicates: NDArray[np.float32]


@torch.inference_mode()
def predict(
    model: RelationModel,
    features: NDArray[np.float32],
    labels: NDArray[np.int64],
    boxes: NDArray[np.float32],
    width: int,
    height: int,
) -> Predictions:
    """Attributes and predicates of one picture's objects; ``width`` and ``height`` in pixels."""
    pairs = all_pairs(len(labels))
    if not len(labels):
        empty = np.zeros((0, len(model.names.attributes)), np.float32)
        return Predictions(empty, pairs, np.zeros((0, len(model.names.predicates)), np.float32))
    features_ND, labels_N = torch.from_numpy(features), torch.from_numpy(labels)
    attributes = model.attributes(features_ND, labels_N).sigmoid().numpy()
    geometry = torch.from_numpy(pair_geometry(boxes, pairs, width, height))
    logits = model.predicates(features_ND, labels_N, torch.from_numpy(pairs), geometry)
    return Predictions(attributes, pairs, logits.softmax(1)[:, 1:].numpy())
