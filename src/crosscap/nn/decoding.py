"""How sentences are found: beam search or drawing, and their limits, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor

from crosscap.nn.beam_search import Hypothesis, LengthNorm, Step, beam_search
from crosscap.nn.constraints import Constraints
from crosscap.nn.sampling import Narrowing, sample


@dataclass(frozen=True)
class Decoding:
    """Settings of `decode`.

    Attributes:
        beam: hypotheses of beam search.
        max_words: longest sentence.
        n_best: sentences of each row.
        norm: what beam search divides scores by; not used where sentences are drawn.
        drawn: draw ``n_best`` sentences from this instead of searching.
    """

    beam: int
    max_words: int
    n_best: int = 1
    norm: LengthNorm = field(default_factory=LengthNorm)
    constraints: Constraints = field(default_factory=Constraints)
    drawn: Narrowing | None = None


def decode(
    step: Step, state: tuple[Tensor, ...], decoding: Decoding, bos: int, eos: int, noise_BNT: Tensor | None = None
) -> list[list[Hypothesis]]:
    """Sentences of B rows, the best first, at most ``n_best`` each, none where the constraints leave none.

    Args:
        noise_BNT: for drawing, uniform numbers for each row, sentence and word.

    Raises:
        ValueError: settings that contradict one another; drawing without noise.
    """
    if decoding.drawn is None:
        return beam_search(step, state, decoding.beam, decoding.max_words, bos, eos, decoding.constraints,
                           decoding.norm, decoding.n_best)  # fmt: skip
    if noise_BNT is None:
        raise ValueError("sentences are drawn with noise, and none was given")
    each = tuple(part.repeat_interleave(decoding.n_best, dim=0) for part in state)
    drawn = sample(step, each, noise_BNT.flatten(0, 1), bos, eos, decoding.constraints, decoding.drawn)
    rows = [drawn[start : start + decoding.n_best] for start in range(0, len(drawn), decoding.n_best)]
    return [sorted((one for one in row if one), key=lambda one: -one.score) for row in rows]
