"""Cross-lingual auto-encoding: section ``phase1`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from crosscap.config.run_names import RunNameText
from crosscap.config.section import Section


class MappingSettings(Section):
    """Where the paper and the released code of the graph mapping differ (`variants.MappingReadings`)."""

    gate: Literal["node", "pooled"]
    concat: Literal["node", "convolution"]
    names: Literal["retrieval", "learned"]
    sub_graph_self: bool
    sub_graph_activation: bool
    full_graph_map: Literal["own", "shared"]
    attribute_owner: Literal["before", "after"]


class Phase1Settings(Section):
    variants: tuple[RunNameText, ...]
    size: int
    kl_size: int
    dropout: float
    word_input: Literal["vectors", "learned"]
    min_name_count: int
    mapping: MappingSettings
    kl_heads: Literal["shared", "per_language"]
    kl_reduction: Literal["pair", "batch_mean", "batch_sum"]
    max_words: int
    xe_epochs: int
    joint_epochs: int
    batch_size: int
    learning_rate: float
    gradient_clamp: float
    checkpoint_every: int
    seed: int
    threads: int
