"""Cross-lingual auto-encoding: section ``phase1`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from crosscap.config.run_names import RunNameText
from crosscap.config.section import Section


class Phase1Settings(Section):
    variants: tuple[RunNameText, ...]
    size: int
    kl_size: int
    dropout: float
    word_input: Literal["vectors", "learned"]
    min_name_count: int
    max_words: int
    xe_epochs: int
    joint_epochs: int
    batch_size: int
    learning_rate: float
    gradient_clamp: float
    checkpoint_every: int
    seed: int
    threads: int
