"""The relation models by the name of their backend."""

from __future__ import annotations

from crosscap.config.relations import RelationsSettings
from crosscap.vision.relations.model import (
    Architecture,
    FrequencyModel,
    PerceptronModel,
    RelationModel,
    RelationNames,
)
from crosscap.vision.relations.motifs import MotifsModel

BACKENDS: dict[str, type[RelationModel]] = {"motifs": MotifsModel, "mlp": PerceptronModel, "frequency": FrequencyModel}


def build(names: RelationNames, architecture: Architecture) -> RelationModel:
    """A model with random weights."""
    return BACKENDS[architecture.backend](names, architecture)


def architecture(settings: RelationsSettings, feature_size: int) -> Architecture:
    """What section ``relations`` asks for, on a detector of ``feature_size``."""
    return Architecture(
        settings.backend,
        feature_size,
        settings.hidden_size,
        settings.class_size,
        settings.layers,
        settings.dropout,
        settings.order,
        settings.union_features,
        settings.relabel_detections,
        settings.overlapping_pairs,
        settings.max_attributes,
    )
