"""Cross-lingual auto-encoding: section ``phase1`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

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


class LearningRateDecay(Section):
    every: Annotated[int, Field(ge=0)]
    factor: Annotated[float, Field(gt=0, le=1)]


class ScheduledSamplingSettings(Section):
    increase: Annotated[float, Field(ge=0, le=1)]
    every: Annotated[int, Field(ge=1)]
    most: Annotated[float, Field(ge=0, le=1)]


class SelectionSettings(Section):
    by: Literal["val_xe", "val_cider", "val_bleu4"]
    every: Annotated[int, Field(ge=1)]
    pairs: Annotated[int, Field(ge=0)]
    patience: Annotated[int, Field(ge=0)]


class Phase1Settings(Section):
    variants: tuple[RunNameText, ...]
    size: Annotated[int, Field(ge=1)]
    kl_size: Annotated[int, Field(ge=1)]
    dropout: Annotated[float, Field(ge=0, lt=1)]
    word_input: Literal["vectors", "learned"]
    min_name_count: Annotated[int, Field(ge=1)]
    mapping: MappingSettings
    kl_heads: Literal["shared", "per_language"]
    kl_reduction: Literal["pair", "batch_mean", "batch_sum"]
    max_words: Annotated[int, Field(ge=1)]
    initialisation: Literal["joint", "separate"]
    xe_epochs: Annotated[int, Field(ge=0)]
    joint_epochs: Annotated[int, Field(ge=0)]
    batch_size: Annotated[int, Field(ge=1)]
    learning_rate: Annotated[float, Field(gt=0)]
    learning_rate_decay: LearningRateDecay
    warmup_steps: Annotated[int, Field(ge=0)]
    gradient_clamp: Annotated[float, Field(ge=0)]
    scheduled_sampling: ScheduledSamplingSettings
    selection: SelectionSettings
    accumulate: Annotated[int, Field(ge=1)]
    precision: Literal["fp32", "bf16"]
    processes: Annotated[int, Field(ge=1)]
    checkpoint_every: Annotated[int, Field(ge=0)]
    seed: Annotated[int, Field(ge=0)]
    threads: Annotated[int, Field(ge=0)]
