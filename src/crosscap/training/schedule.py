"""Learning rates over the updates of a training."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch


@dataclass(frozen=True)
class Schedule:
    """The learning rate of each update, as a share of the optimizer's own.

    Attributes:
        kind: ``constant``; ``step``: times ``factor`` after each ``every`` updates; ``linear`` or ``cosine``: from 1
            after the warm-up down to 0 after the last update.
        updates: how many there will be; ``linear`` and ``cosine`` need it.
        warmup: updates in which the rate first rises in equal steps to the whole; 0 for none.
    """

    kind: Literal["constant", "step", "linear", "cosine"] = "constant"
    updates: int = 0
    warmup: int = 0
    every: int = 0
    factor: float = 1.0

    def __post_init__(self) -> None:
        if self.kind in ("linear", "cosine") and self.updates < 1:
            raise ValueError(f"a {self.kind} schedule must know the number of updates")
        if self.kind == "step" and self.every < 1:
            raise ValueError("a step schedule must know after how many updates to decay")

    def share(self, update: int) -> float:
        """The share for an update, counted from 0."""
        if update < self.warmup:
            return (update + 1) / self.warmup
        if self.kind == "constant":
            return 1.0
        if self.kind == "step":
            return float(self.factor ** ((update - self.warmup) // self.every))
        left = max(0.0, (self.updates - update) / max(1, self.updates - self.warmup))
        return left if self.kind == "linear" else (1 - math.cos(math.pi * left)) / 2

    def of(self, optimizer: torch.optim.Optimizer) -> torch.optim.lr_scheduler.LambdaLR:
        """PyTorch's scheduler for ``optimizer``: a part of the checkpoint, stepped after each update."""
        return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda update: self.share(update))
