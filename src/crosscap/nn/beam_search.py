"""Beam search over a batch: the K best sentences by the sum of log-probabilities, or by that over their length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from crosscap.nn.constraints import Constraints

Step = Callable[[Tensor, tuple[Tensor, ...]], tuple[Tensor, tuple[Tensor, ...]]]
"""Last words [M] and a state of tensors [M, ...] -> log-probabilities [M, V] of the next word and the next state."""

NOTHING = float("-inf")


@dataclass(frozen=True)
class Hypothesis:
    """A sentence without its end mark, and the sum of the log-probabilities of its words and of the end mark."""

    tokens: tuple[int, ...]
    score: float


@dataclass(frozen=True)
class LengthNorm:
    """What a score is divided by before sentences are compared; length counts the end mark.

    ``none``: 1, so that short sentences win (as in UNISON's released code). ``mean``: the length. ``wu``:
    ((5 + length) / 6) ** alpha (Wu et al. 2016, section 7).
    """

    kind: Literal["none", "mean", "wu"] = "none"
    alpha: float = 0.6

    def __call__(self, scores: Tensor, length: Tensor) -> Tensor:
        if self.kind == "none":
            return scores
        return scores / (length.clamp(min=1) if self.kind == "mean" else ((5 + length) / 6) ** self.alpha)


class _Beam:
    """Hypotheses of R rows in G banks of K: bank g holds those in which g of the required words stand.

    Without required words there is one bank and this is plain beam search. With them it is the grid beam search of
    Hokamp and Liu (2017) for single words: a hypothesis cannot be pushed out by one that has met fewer of them.
    """

    def __init__(self, rows: int, beam: int, max_words: int, constraints: Constraints, device: torch.device) -> None:
        self.constraints, self.required = constraints, list(dict.fromkeys(constraints.required))
        self.banks = len(self.required) + 1
        shape = (rows, self.banks, beam)
        self.written = torch.zeros(*shape, max_words, dtype=torch.int64, device=device)
        self.length = torch.zeros(shape, dtype=torch.int64, device=device)
        # Only the first copy counts at the start: the others are equal.
        self.scores = torch.full(shape, NOTHING, device=device)
        self.scores[:, 0, 0] = 0.0
        self.finished = torch.zeros(shape, dtype=torch.bool, device=device)
        self.met = torch.zeros(*shape, len(self.required), dtype=torch.bool, device=device)

    def advance(self, log_probabilities: Tensor, position: int, eos: int, norm: LengthNorm) -> tuple[Tensor, Tensor]:
        """Choose the next words: their hypotheses' places in the flat state, and the words, both [R, G, K]."""
        rows, banks, beam = self.scores.shape
        limited = self.constraints.limit(log_probabilities, self.written[..., :position].flatten(0, 2), eos)
        limited = limited.reshape(rows, banks, beam, -1)
        size = limited.shape[3]
        limited[:, :-1, :, eos] = NOTHING
        # A finished hypothesis has one continuation, itself, at no cost.
        limited[self.finished] = NOTHING
        limited[..., eos] = limited[..., eos].masked_fill(self.finished, 0.0)
        candidates = self.scores.unsqueeze(3) + limited
        length = (self.length + ~self.finished).unsqueeze(3).expand_as(candidates) if norm.kind != "none" else None
        if self.required:
            # A required word that is still missing leads to the next bank; every other word stays in its own.
            leads = torch.zeros_like(candidates, dtype=torch.bool)
            leads[..., self.required] = ~self.met
            raised = torch.full_like(candidates, NOTHING)
            raised[:, 1:] = candidates.masked_fill(~leads, NOTHING)[:, :-1]
            candidates = torch.cat([candidates.masked_fill(leads, NOTHING), raised], dim=2)
            if length is not None:
                length = torch.cat([length, length.roll(1, dims=1)], dim=2)
        flat = candidates.flatten(2)
        keys = flat if length is None else norm(flat, length.flatten(2))
        chosen = keys.topk(beam, dim=2).indices
        self.scores = flat.gather(2, chosen)
        source, word = chosen // size, chosen % size
        bank = torch.arange(banks, device=chosen.device).view(1, -1, 1) - (source >= beam).long()
        row = torch.arange(rows, device=chosen.device).view(-1, 1, 1)
        parent = ((row * banks + bank.clamp(min=0)) * beam + source % beam).flatten()
        done = self.finished.flatten()[parent].view_as(chosen)
        self.length = self.length.flatten()[parent].view_as(chosen) + ~done
        self.finished = done | (word == eos)
        self.written = self.written.flatten(0, 2)[parent].view_as(self.written)
        self.written[..., position] = word
        if self.required:
            wanted = word.unsqueeze(3) == torch.tensor(self.required, device=word.device)
            self.met = self.met.flatten(0, 2)[parent].view_as(self.met) | wanted
        return parent, word

    def decided(self, wanted: int, norm: LengthNorm) -> Tensor:
        """Rows [R] whose ``wanted`` best sentences no continuation can change any more."""
        going = self.scores.masked_fill(self.finished, NOTHING).flatten(1).amax(dim=1)
        if norm.kind != "none":  # a longer sentence may yet have the better quotient
            return going == NOTHING
        # A score only falls as words are added.
        complete = (self.finished | (self.scores == NOTHING))[:, -1, :wanted].all(dim=1)
        return (complete & (going <= self.scores[:, -1, wanted - 1])) | (going == NOTHING)

    def sentences(self, row: int, wanted: int, words: int, eos: int) -> list[Hypothesis]:
        """The best sentences of a row after ``words`` steps, those with every required word alone."""
        found = zip(self.written[row, -1, :, :words].tolist(), self.scores[row, -1].tolist(), strict=True)
        kept = [(tokens, score) for tokens, score in found if score != NOTHING][:wanted]
        return [Hypothesis(tuple(t[: t.index(eos)] if eos in t else t), score) for t, score in kept]

    def keep(self, rows: Tensor) -> None:
        """Drop the other rows."""
        for name in ("written", "length", "scores", "finished", "met"):
            setattr(self, name, getattr(self, name)[rows])


@torch.no_grad()
def beam_search(
    step: Step,
    state: tuple[Tensor, ...],
    beam: int,
    max_words: int,
    bos: int,
    eos: int,
    constraints: Constraints | None = None,
    norm: LengthNorm | None = None,
    n_best: int | None = None,
) -> list[list[Hypothesis]]:
    """Search B sentences at once; one row's beam never sees another's, and a row leaves when it is decided.

    A hypothesis that ends is kept aside in its place in the beam; one that reaches ``max_words`` is cut there and
    pays for no end mark (as in the released code). With ``beam`` 1 this is greedy search.

    Args:
        state: tensors [B, ...], the state before the first word.
        beam: K, hypotheses at each step, for each number of required words that they may hold.
        max_words: longest sentence, without the end mark.
        n_best: sentences wanted of each row; ``beam`` when not given.

    Returns:
        For each of the B rows its best hypotheses, best first, at most ``n_best``; none when no sentence meets the
        constraints.

    Raises:
        ValueError: the constraints contradict one another or ``max_words``; ``n_best`` exceeds ``beam``.
    """
    constraints, norm = constraints or Constraints(), norm or LengthNorm()
    constraints.check(max_words)
    wanted = n_best or beam
    if wanted > beam:
        raise ValueError(f"{wanted} sentences wanted of a beam of {beam}")
    device = state[0].device
    found: list[list[Hypothesis]] = [[] for _ in range(len(state[0]))]
    rows = torch.arange(len(state[0]), device=device)
    hypotheses = _Beam(len(rows), beam, max_words, constraints, device)
    each = hypotheses.banks * beam
    state = tuple(part.repeat_interleave(each, dim=0) for part in state)
    last = torch.full((len(rows) * each,), bos, dtype=torch.int64, device=device)
    for position in range(max_words):
        log_probabilities, state = step(last, state)
        parent, word = hypotheses.advance(log_probabilities, position, eos, norm)
        decided = hypotheses.decided(wanted, norm)
        if position + 1 == max_words:
            decided[:] = True
        places = torch.arange(len(parent), device=device)
        if bool(decided.any()):
            for place in decided.nonzero().flatten().tolist():
                found[int(rows[place])] = hypotheses.sentences(place, wanted, position + 1, eos)
            going = ~decided
            hypotheses.keep(going)
            rows, places = rows[going], places.view(-1, each)[going].flatten()
            if not len(rows):
                break
        state = tuple(part[parent[places]] for part in state)
        last = word.flatten()[places]
    return found
