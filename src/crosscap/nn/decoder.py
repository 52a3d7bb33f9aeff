"""Two LSTM layers that write a sentence about one vector (UNISON eqs. 8 and 9)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

State = tuple[Tensor, Tensor, Tensor, Tensor]
"""Hidden and cell state of both layers, each [B, D]."""


class ConditionedDecoder(nn.Module):
    """Layer 1 reads the words, layer 2 reads layer 1 beside the condition, at every step.

    Words come in as embeddings, so that the caller decides whether these are learned or fixed vectors.
    """

    def __init__(self, word_size: int, condition_size: int, size: int, vocabulary: int, dropout: float) -> None:
        super().__init__()
        self.size = size
        self.words = nn.LSTM(word_size, size, batch_first=True)
        self.sentence = nn.LSTM(size + condition_size, size, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(size, vocabulary)

    def start(self, batch: int, device: torch.device) -> State:
        """The state before the first word: zeros."""
        zero = torch.zeros(batch, self.size, device=device)
        return zero, zero, zero, zero

    def forward(self, words_BTE: Tensor, condition_BC: Tensor, state: State) -> tuple[Tensor, State]:
        """Logits of the next word after each of T words: [B, T, E], [B, C] -> [B, T, V], and the state after them."""
        h1, c1, h2, c2 = (part.unsqueeze(0) for part in state)
        steps = words_BTE.shape[1]
        lower, (h1, c1) = self.words(words_BTE, (h1, c1))
        conditioned = torch.cat([condition_BC.unsqueeze(1).expand(-1, steps, -1), lower], dim=2)
        upper, (h2, c2) = self.sentence(conditioned, (h2, c2))
        return self.output(self.dropout(upper)), (h1[0], c1[0], h2[0], c2[0])
