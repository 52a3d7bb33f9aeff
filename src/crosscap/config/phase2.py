"""Cross-modal feature mapping: section ``phase2`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from crosscap.config.section import Section


class Phase2Settings(Section):
    steps: int
    batch_size: int
    learning_rate: float
    gan_loss: Literal["vanilla", "lsgan"]
    cycle_weight: float
    identity_weight: float
    generator_start: Literal["identity", "random"]
    image_pool: int
    checkpoint_every: int
    seed: int
    threads: int
