from __future__ import annotations

import pytest
import torch
from torch import Tensor

from crosscap.nn.beam_search import beam_search
from crosscap.nn.constraints import Constraints
from crosscap.nn.sampling import Narrowing, sample
from tests.nn.test_beam_search import BOS, EOS, UNK, language


def draw(table: Tensor, noise: Tensor, rows: Tensor | None = None, narrowing: Narrowing | None = None, **limits):
    def step(last: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        return table[state[0], last], state

    state = (torch.arange(len(noise)) if rows is None else rows,)
    return sample(step, state, noise, BOS, EOS, Constraints(**limits), narrowing)


def test_words_are_drawn_as_often_as_they_are_likely_and_the_score_is_their_log_probability() -> None:
    table, _ = language(1)
    generator = torch.Generator().manual_seed(1)
    found = draw(table, torch.rand(10_000, 3, generator=generator), torch.zeros(10_000, dtype=torch.int64))
    first = torch.tensor([one.tokens[0] if one.tokens else EOS for one in found])
    shares = torch.bincount(first, minlength=6) / len(found)
    torch.testing.assert_close(shares, table[0, BOS].exp(), atol=0.01, rtol=0)
    for one in found[:200]:
        full = (*one.tokens, EOS) if len(one.tokens) < 3 else one.tokens
        expected = sum(float(table[0, a, b]) for a, b in zip((BOS, *full), full, strict=False))
        assert one.score == pytest.approx(expected, abs=1e-5)


def test_the_likeliest_word_alone_is_greedy_search() -> None:
    table, state = language(30)
    noise = torch.rand(30, 5, generator=torch.Generator().manual_seed(1))
    found = draw(table, noise, narrowing=Narrowing(top_k=1))
    greedy = beam_search(lambda last, rows: (table[rows[0], last], rows), state, 1, 5, BOS, EOS)
    assert [one.tokens for one in found] == [row[0].tokens for row in greedy]


def test_a_row_does_not_depend_on_the_rows_beside_it() -> None:
    table, _ = language(8)
    noise = torch.rand(8, 6, generator=torch.Generator().manual_seed(2))
    together = draw(table, noise)
    for row in range(8):
        assert draw(table, noise[row : row + 1], torch.tensor([row])) == [together[row]]


def test_narrowing_keeps_and_rescales_the_words_it_says() -> None:
    chances = torch.tensor([[0.1, 0.4, 0.2, 0.3]])
    log = chances.log()
    torch.testing.assert_close(Narrowing()(log), chances)
    torch.testing.assert_close(Narrowing(temperature=0.5)(log), chances**2 / 0.3)
    torch.testing.assert_close(Narrowing(top_k=2)(log), torch.tensor([[0, 4 / 7, 0, 3 / 7]]))
    torch.testing.assert_close(Narrowing(top_p=0.5)(log), torch.tensor([[0, 0.4, 0, 0.3]]))
    torch.testing.assert_close(Narrowing(top_p=0.3)(log), torch.tensor([[0, 0.4, 0, 0]]))
    assert Narrowing()(torch.full((1, 4), float("-inf"))).tolist() == [[0, 0, 0, 0]]


def test_noise_at_either_end_draws_no_word_without_a_chance() -> None:
    table = torch.full((1, 6, 6), float("-inf"))
    table[:, :, 3:5] = 0.5**0.5
    for noise, word in ((0.0, 3), (1.0 - 2**-24, 4), (1.0, 4)):
        assert draw(table, torch.full((1, 3), noise))[0].tokens == (word,) * 3


def test_constraints_hold_for_drawn_sentences_too() -> None:
    table, _ = language(200)
    noise = torch.rand(200, 6, generator=torch.Generator().manual_seed(3))
    found = draw(table, noise, banned=(0, 1, UNK), min_words=3, no_repeat=2)
    for one in filter(None, found):
        assert UNK not in one.tokens and len(one.tokens) >= 3
        pairs = list(zip(one.tokens, one.tokens[1:], strict=False))
        assert len(set(pairs)) == len(pairs)
    # Two words can make four pairs, five words without a pair twice; then only the end is left.
    assert sum(one is not None for one in found) == 200
    assert draw(table, noise, banned=(0, 1, UNK), min_words=6, no_repeat=2) == [None] * 200
    with pytest.raises(ValueError, match="required of beam search alone"):
        draw(table, noise, required=(4,))
