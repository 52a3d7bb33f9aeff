"""Two LSTM layers that write a sentence about one vector (UNISON eqs. 8 and 9)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from crosscap.nn.packed_sentences import PackedSentences
from crosscap.nn.recurrence import LSTMRecurrence

State = tuple[Tensor, Tensor, Tensor, Tensor]
"""Hidden and cell state of both layers, each [B, D]."""


class ConditionedDecoder(nn.Module):
    """Layer 1 reads the words, layer 2 reads layer 1 beside the condition, at every step.

    Words come in as embeddings, so that the caller decides whether these are learned or fixed vectors. What the gates
    take from a word, or from the condition, does not change with the step: it is computed once (`read_words`,
    `read_condition`), for each distinct word and each sentence, and looked up at every step.
    """

    def __init__(self, word_size: int, condition_size: int, size: int, vocabulary: int, dropout: float) -> None:
        super().__init__()
        self.size = size
        self.from_word = nn.Linear(word_size, 4 * size)
        self.words = LSTMRecurrence(size)
        self.from_words = nn.Linear(size, 4 * size, bias=False)
        self.from_condition = nn.Linear(condition_size, 4 * size)
        self.sentence = LSTMRecurrence(size)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(size, vocabulary)
        # As torch.nn.LSTM, which scales by the state's size, not by the inputs'.
        for layer in (self.from_word, self.from_words, self.from_condition):
            for parameter in layer.parameters():
                nn.init.uniform_(parameter, -(size**-0.5), size**-0.5)

    def forward(self, words_UE: Tensor, which_P: Tensor, condition_BC: Tensor, sentences: PackedSentences) -> Tensor:
        """Logits of the words that follow P packed words: [P, V].

        Args:
            words_UE: embeddings of distinct words.
            which_P: the row of ``words_UE`` of each packed word.
        """
        lower = self.words(functional.embedding(which_P, self.read_words(words_UE)), sentences.going)
        condition = functional.embedding(sentences.row, self.read_condition(condition_BC))
        upper = self.sentence(condition + self.from_words(lower), sentences.going)
        logits: Tensor = self.output(self.dropout(upper))
        return logits

    def read_words(self, words_UE: Tensor) -> Tensor:
        """What the gates of layer 1 take from each of U words: [U, 4D]."""
        gates: Tensor = self.from_word(words_UE)
        return gates

    def read_condition(self, condition_BC: Tensor) -> Tensor:
        """What the gates of layer 2 take from each condition: [B, 4D]."""
        gates: Tensor = self.from_condition(condition_BC)
        return gates

    def start(self, batch: int, device: torch.device) -> State:
        """The state before the first word: zeros."""
        zero = torch.zeros(batch, self.size, device=device)
        return zero, zero, zero, zero

    @torch.no_grad()
    def step(self, word_BG: Tensor, condition_BG: Tensor, state: State) -> tuple[Tensor, State]:
        """Logits [B, V] after one more word, and the state after it.

        Args:
            word_BG: rows of `read_words`.
            condition_BG: rows of `read_condition`.
        """
        h1, c1 = self.words.step(word_BG, state[0], state[1])
        h2, c2 = self.sentence.step(torch.addmm(condition_BG, h1, self.from_words.weight.t()), state[2], state[3])
        return self.output(self.dropout(h2)), (h1, c1, h2, c2)
