"""Beam search over a batch: the K best sentences by the sum of log-probabilities, without length normalisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

Step = Callable[[Tensor, tuple[Tensor, ...]], tuple[Tensor, tuple[Tensor, ...]]]
"""Last words [M] and a state of tensors [M, ...] -> log-probabilities [M, V] of the next word and the next state."""


@dataclass(frozen=True)
class Hypothesis:
    """A sentence without its end mark, and the sum of the log-probabilities of its words and of the end mark."""

    tokens: tuple[int, ...]
    score: float


@torch.no_grad()
def beam_search(
    step: Step,
    state: tuple[Tensor, ...],
    beam: int,
    max_words: int,
    bos: int,
    eos: int,
    banned: Sequence[int] = (),
) -> list[list[Hypothesis]]:
    """Search B sentences at once; one row's beam never sees another's.

    A hypothesis that ends is kept aside in its place in the beam; one that reaches ``max_words`` is cut there and
    pays for no end mark (as in the released code). With ``beam`` 1 this is greedy search.

    Args:
        state: tensors [B, ...], the state before the first word.
        max_words: longest sentence, without the end mark.
        banned: words never written, such as the unknown word.

    Returns:
        For each of the B rows its hypotheses, best first, at most ``beam``.
    """
    rows = len(state[0])
    device = state[0].device
    K = beam
    state = tuple(part.repeat_interleave(K, dim=0) for part in state)
    last = torch.full((rows * K,), bos, dtype=torch.int64, device=device)
    written = torch.full((rows, K, max_words), eos, dtype=torch.int64, device=device)
    # Only the first copy counts at the start: the K copies are equal.
    scores = torch.full((rows, K), float("-inf"), device=device)
    scores[:, 0] = 0.0
    finished = torch.zeros(rows, K, dtype=torch.bool, device=device)
    offset = torch.arange(rows, device=device).unsqueeze(1) * K
    for position in range(max_words):
        log_probabilities, state = step(last, state)
        V = log_probabilities.shape[1]
        log_probabilities = log_probabilities.reshape(rows, K, V).clone()
        log_probabilities[:, :, list(banned)] = float("-inf")
        # A finished hypothesis has one continuation, itself, at no cost.
        log_probabilities[finished] = float("-inf")
        log_probabilities[..., eos] = log_probabilities[..., eos].masked_fill(finished, 0.0)
        candidates = (scores.unsqueeze(2) + log_probabilities).reshape(rows, K * V)
        scores, chosen = candidates.topk(K, dim=1)
        parent, word = chosen // V, chosen % V
        written = written.gather(1, parent.unsqueeze(2).expand(-1, -1, max_words)).clone()
        written[:, :, position] = word
        finished = finished.gather(1, parent) | (word == eos)
        flat = (offset + parent).reshape(-1)
        state = tuple(part[flat] for part in state)
        last = word.reshape(-1)
        if bool(finished.all()):
            break
    return [
        [_hypothesis(tokens, score, eos) for tokens, score in zip(row, row_scores, strict=True) if score > -1e30]
        for row, row_scores in zip(written.tolist(), scores.tolist(), strict=True)
    ]


def _hypothesis(tokens: list[int], score: float, eos: int) -> Hypothesis:
    return Hypothesis(tuple(tokens[: tokens.index(eos)] if eos in tokens else tokens), score)
