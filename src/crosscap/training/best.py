"""The weights with the best validation score so far, and how long ago that was."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import nn


class BestWeights:
    """Keeps a copy of a model's weights whenever a score gets better; a part of a checkpoint.

    Args:
        model: whose weights are kept, on the CPU.
        better: whether a ``lower`` score (a loss) or a ``higher`` one (CIDEr, F1) is better. Of equal scores the
            first wins.

    Attributes:
        score: the best score yet; the worst possible before the first.
        waited: how many scores were offered since, for an early stop.
    """

    def __init__(self, model: nn.Module, better: Literal["lower", "higher"] = "lower") -> None:
        self.model = model
        self.sign = 1.0 if better == "lower" else -1.0
        self.score = self.sign * float("inf")
        self.waited = 0
        self.weights: dict[str, torch.Tensor] = {}

    def offer(self, score: float) -> None:
        """Keep the model's present weights when ``score`` is the best yet."""
        self.waited += 1
        if self.sign * score < self.sign * self.score:
            self.score, self.waited = score, 0
            self.weights = {name: value.detach().cpu().clone() for name, value in self.model.state_dict().items()}

    def restore(self) -> None:
        """Put the kept weights back into the model; without any, leave it as it is."""
        if self.weights:
            self.model.load_state_dict(self.weights)

    def state_dict(self) -> dict[str, Any]:
        return {"score": self.score, "waited": self.waited, "weights": self.weights}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.score, self.waited, self.weights = state["score"], state["waited"], state["weights"]
