from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from crosscap.nn.beam_search import LengthNorm, beam_search
from crosscap.nn.constraints import Constraints

BOS, EOS, UNK, WORDS = 1, 2, 3, 6


def language(rows: int, seed: int = 0) -> tuple[Tensor, tuple[Tensor, ...]]:
    """A bigram model of its own for each row: log-probabilities [rows, last, next]."""
    torch.manual_seed(seed)
    table = (2 * torch.randn(rows, WORDS, WORDS)).log_softmax(-1)
    return table, (torch.arange(rows),)


def search(table: Tensor, state: tuple[Tensor, ...], beam: int, max_words: int = 4, banned: tuple[int, ...] = (0, 1),
           norm: LengthNorm | None = None, n_best: int | None = None, **limits):  # fmt: skip
    def step(last: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        return table[state[0], last], state

    return beam_search(step, state, beam, max_words, BOS, EOS, Constraints(banned, **limits), norm, n_best)


def exhaustive(table: Tensor, max_words: int, banned: tuple[int, ...]) -> tuple[tuple[int, ...], float]:
    best = ((), float("-inf"))
    allowed = [word for word in range(WORDS) if word not in banned and word != EOS]
    for length in range(max_words + 1):
        for sentence in itertools.product(allowed, repeat=length):
            full = (*sentence, EOS) if length < max_words else sentence
            score = sum(float(table[a, b]) for a, b in zip((BOS, *full), full, strict=False))
            best = max(best, (sentence, score), key=lambda item: item[1])
    return best


def test_a_beam_as_wide_as_all_sentences_finds_the_best_of_all() -> None:
    table, state = language(3)
    found = search(table, state, beam=200, max_words=3)
    for row in range(3):
        sentence, score = exhaustive(table[row], 3, (0, 1))
        assert found[row][0].tokens == sentence
        assert found[row][0].score == pytest.approx(score, abs=1e-5)


def test_a_beam_of_one_is_greedy_search() -> None:
    table, state = language(20)
    for row, (only,) in enumerate(search(table, state, beam=1)):
        tokens, last, score = [], BOS, 0.0
        for _ in range(4):
            scores = table[row, last].clone()
            scores[[0, 1]] = float("-inf")
            last = int(scores.argmax())
            score += float(scores[last])
            if last == EOS:
                break
            tokens.append(last)
        assert only.tokens == tuple(tokens)
        assert only.score == pytest.approx(score, abs=1e-5)


def test_a_wider_beam_is_hardly_ever_worse_and_its_hypotheses_are_sorted_and_distinct() -> None:
    table, state = language(200)
    narrow, wide = search(table, state, beam=1), search(table, state, beam=5)
    worse = sum(five[0].score < one[0].score - 1e-5 for one, five in zip(narrow, wide, strict=True))
    assert worse <= 2
    for row in wide:
        assert [h.score for h in row] == sorted((h.score for h in row), reverse=True)
        assert len({h.tokens for h in row}) == len(row) == 5


def test_banned_words_are_never_written() -> None:
    table, state = language(50)
    table[:, :, UNK] = 0.0
    found = search(table, state, beam=3, banned=(0, 1, UNK))
    assert all(UNK not in h.tokens for row in found for h in row)


def test_a_row_does_not_depend_on_the_rows_beside_it() -> None:
    table, _ = language(8)
    together = search(table, (torch.arange(8),), beam=3)
    for row in range(8):
        assert search(table, (torch.tensor([row]),), beam=3)[0] == together[row]
