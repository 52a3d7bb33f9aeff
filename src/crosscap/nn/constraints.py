"""What a decoder may write next, whether it searches or draws."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Constraints:
    """Limits of a sentence, by ids of words.

    Attributes:
        banned: words that are never written, such as the unknown word.
        required: words of which each must be written at least once; beam search alone can promise that.
        min_words: no end mark before so many words.
        no_repeat: no run of so many words is written twice; 0: no limit.
    """

    banned: tuple[int, ...] = ()
    required: tuple[int, ...] = ()
    min_words: int = 0
    no_repeat: int = 0

    def check(self, max_words: int) -> None:
        """Refuse what no sentence of ``max_words`` words can meet.

        Raises:
            ValueError: says what contradicts what.
        """
        if self.min_words > max_words:
            raise ValueError(f"at least {self.min_words} words, but at most {max_words}")
        if len(set(self.required)) > max_words:
            raise ValueError(f"{len(set(self.required))} required words, but at most {max_words} words")
        if clash := set(self.required) & set(self.banned):
            raise ValueError(f"words {sorted(clash)} are required and banned")

    def limit(self, log_probabilities_MV: Tensor, written_MT: Tensor, eos: int) -> Tensor:
        """The log-probabilities with -inf for each word that may not come next.

        Args:
            written_MT: the T words of each hypothesis so far.
        """
        words = written_MT.shape[1]
        never = torch.zeros(log_probabilities_MV.shape[1], device=log_probabilities_MV.device)
        never[list(self.banned)] = float("-inf")
        if words < self.min_words:
            never[eos] = float("-inf")
        limited = log_probabilities_MV + never
        if self.no_repeat and words >= self.no_repeat:
            runs = written_MT.unfold(1, self.no_repeat, 1)  # [M, T - n + 1, n]
            begun = written_MT[:, words - self.no_repeat + 1 :].unsqueeze(1)
            again = (runs[..., :-1] == begun).all(dim=2)
            penalty = torch.zeros_like(again, dtype=limited.dtype).masked_fill_(again, float("-inf"))
            limited.scatter_add_(1, runs[..., -1], penalty)
        return limited
