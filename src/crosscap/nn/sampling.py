"""Sentences drawn from a decoder's distribution, narrowed by temperature, top-k and top-p."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from crosscap.nn.beam_search import NOTHING, Hypothesis, Step
from crosscap.nn.constraints import Constraints


@dataclass(frozen=True)
class Narrowing:
    """Which words are drawn from, applied in this order.

    Attributes:
        temperature: log-probabilities are divided by it; below 1 likely words become likelier.
        top_k: the so many likeliest words alone; 0: all.
        top_p: the likeliest words that together have at least this probability alone (Holtzman et al. 2020); 1: all.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0

    def __call__(self, log_probabilities_MV: Tensor) -> Tensor:
        """Probabilities [M, V]; rows where nothing is allowed are zeros."""
        scores = log_probabilities_MV / self.temperature
        if 0 < self.top_k < scores.shape[1]:
            lowest = scores.topk(self.top_k, dim=1).values[:, -1:]
            scores = scores.masked_fill(scores < lowest, NOTHING)
        chances = scores.softmax(dim=1).nan_to_num(0.0)
        if self.top_p < 1:
            ranked, words = chances.sort(dim=1, descending=True, stable=True)
            beyond = ranked.cumsum(dim=1) - ranked >= self.top_p
            chances = chances.scatter(1, words, ranked.masked_fill(beyond, 0.0))
        return chances


@torch.no_grad()
def sample(
    step: Step,
    state: tuple[Tensor, ...],
    noise_BT: Tensor,
    bos: int,
    eos: int,
    constraints: Constraints | None = None,
    narrowing: Narrowing | None = None,
) -> list[Hypothesis | None]:
    """Draw a sentence for each of B rows; a row leaves when it ends.

    Args:
        noise_BT: uniform numbers in [0, 1), one for each word of the longest sentence: all that chance decides, so
            that a row does not depend on the rows beside it.

    Returns:
        Sentences with the sum of their log-probabilities before narrowing; ``None`` where the constraints left no
        word. One that reaches T words is cut there.

    Raises:
        ValueError: the constraints contradict one another or T, or require words.
    """
    constraints, narrowing = constraints or Constraints(), narrowing or Narrowing()
    rows, longest = torch.arange(len(noise_BT), device=noise_BT.device), noise_BT.shape[1]
    constraints.check(longest)
    if constraints.required:
        raise ValueError("words can be required of beam search alone, not of drawn sentences")
    found: list[Hypothesis | None] = [None] * len(rows)
    written = torch.zeros(len(rows), longest, dtype=torch.int64, device=noise_BT.device)
    score = torch.zeros(len(rows), device=noise_BT.device)
    last = torch.full_like(rows, bos)
    for position in range(longest):
        log_probabilities, state = step(last, state)
        chances = narrowing(constraints.limit(log_probabilities, written[:, :position], eos))
        reached = chances.cumsum(dim=1)
        total = reached[:, -1:]
        word = torch.searchsorted(reached, noise_BT[rows, position].unsqueeze(1) * total, right=True)
        # Rounding may put the number at the very end: the last word with a chance is meant.
        last_possible = (chances > 0).long().cumsum(dim=1).argmax(dim=1, keepdim=True)
        last = torch.minimum(word, last_possible).squeeze(1)
        score = score + log_probabilities.gather(1, last.unsqueeze(1)).squeeze(1)
        written[:, position] = last
        possible, ended = total.squeeze(1) > 0, last == eos
        going = possible & ~ended if position + 1 < longest else torch.zeros_like(ended)
        for place in (possible & ~going).nonzero().flatten().tolist():
            tokens = written[place, : position + (not ended[place])].tolist()
            found[int(rows[place])] = Hypothesis(tuple(tokens), float(score[place]))
        if not bool(going.all()):
            rows, written, score, last = rows[going], written[going], score[going], last[going]
            state = tuple(part[going] for part in state)
        if not len(rows):
            break
    return found
