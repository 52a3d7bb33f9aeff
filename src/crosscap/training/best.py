"""The weights with the best validation score so far."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class BestWeights:
    """Keeps a copy of a model's weights whenever a score gets lower; a part of a checkpoint."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.score = float("inf")
        self.weights: dict[str, torch.Tensor] = {}

    def offer(self, score: float) -> None:
        """Keep the model's present weights when ``score`` is the lowest yet."""
        if score < self.score:
            self.score = score
            self.weights = {name: value.detach().cpu().clone() for name, value in self.model.state_dict().items()}

    def restore(self) -> None:
        """Put the kept weights back into the model; without any, leave it as it is."""
        if self.weights:
            self.model.load_state_dict(self.weights)

    def state_dict(self) -> dict[str, Any]:
        return {"score": self.score, "weights": self.weights}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.score, self.weights = state["score"], state["weights"]
