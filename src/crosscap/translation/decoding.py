"""What decoding adds to transformers' ``generate``: sampling by a seed of each sentence, and length limits of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from transformers import LogitsProcessor


class GumbelNoise(LogitsProcessor):
    """Makes greedy search a sample: the argmax of log-probabilities / temperature + Gumbel noise.

    Drawn from the ``top_k`` most probable pieces, and of these from the fewest that hold the probability ``top_p``
    (Holtzman et al. 2020). Each row draws its noise from its own seed, by step and rank among the pieces, so that a
    sample does not depend on the rows beside it.
    """

    def __init__(self, seeds: Sequence[int], temperature: float, top_k: int, top_p: float = 1.0) -> None:
        self._generators = [np.random.default_rng(seed) for seed in seeds]
        self._temperature, self._top_k, self._top_p = temperature, top_k, top_p

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        best, pieces = scores.topk(min(self._top_k, scores.shape[1]), dim=1)
        best = best / self._temperature
        noise = np.stack([generator.gumbel(size=best.shape[1]) for generator in self._generators])
        drawn = best + torch.from_numpy(noise).to(best)
        if self._top_p < 1:
            probabilities = best.softmax(dim=1)
            # The probability of all better pieces: the best one's is 0, so one piece always stays.
            drawn[probabilities.cumsum(dim=1) - probabilities >= self._top_p] = -torch.inf
        return torch.full_like(scores, -torch.inf).scatter(1, pieces, drawn)


class LengthLimit(LogitsProcessor):
    """Ends each sentence at its own limit of pieces, whatever the limits of its batch.

    Args:
        limits: pieces of each sentence, start and end not counted.
        beams: hypotheses a sentence; they are consecutive rows.
        end: id of the end piece.
    """

    def __init__(self, limits: Sequence[int], beams: int, end: int) -> None:
        self._limits = torch.tensor(limits).repeat_interleave(beams)
        self._end = end

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        over = (self._limits <= input_ids.shape[1]).to(scores.device)
        if not over.any():
            return scores
        ended = torch.full_like(scores, -torch.inf)
        ended[:, self._end] = 0.0
        return torch.where(over.unsqueeze(1), ended, scores)
