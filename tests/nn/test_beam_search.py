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


def exhaustive(
    table: Tensor, max_words: int, allows=lambda sentence: True, norm=lambda score, length: score
) -> tuple[tuple[int, ...], float]:
    """The best of all sentences that a limit allows, by its score over its length, and its score."""
    best = ((), float("-inf"), float("-inf"))
    for length in range(max_words + 1):
        for sentence in itertools.product((UNK, 4, 5), repeat=length):
            full = (*sentence, EOS) if length < max_words else sentence
            score = sum(float(table[a, b]) for a, b in zip((BOS, *full), full, strict=False))
            if allows(sentence):
                best = max(best, (sentence, score, norm(score, len(full))), key=lambda item: item[2])
    return best[:2]


def test_a_beam_as_wide_as_all_sentences_finds_the_best_of_all() -> None:
    table, state = language(3)
    found = search(table, state, beam=200, max_words=3)
    for row in range(3):
        sentence, score = exhaustive(table[row], 3)
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


@pytest.mark.parametrize(
    ("norm", "divide"),
    [
        (LengthNorm("mean"), lambda score, length: score / length),
        (LengthNorm("wu", 0.7), lambda score, length: score / ((5 + length) / 6) ** 0.7),
    ],
)
def test_with_a_length_norm_the_best_of_all_by_the_quotient_is_found_and_its_sum_is_told(norm, divide) -> None:
    table, state = language(12)
    plain = search(table, state, beam=100, max_words=3)
    found = search(table, state, beam=100, max_words=3, norm=norm, n_best=1)
    for row in range(12):
        sentence, score = exhaustive(table[row], 3, norm=divide)
        assert found[row][0].tokens == sentence
        assert found[row][0].score == pytest.approx(score, abs=1e-5)
    assert any(one[0] != other[0] for one, other in zip(plain, found, strict=True))


def no_run_twice(sentence: tuple[int, ...]) -> bool:
    pairs = list(itertools.pairwise(sentence))
    return len(set(pairs)) == len(pairs)


@pytest.mark.parametrize(
    ("limits", "allows"),
    [
        ({"required": (4,)}, lambda sentence: 4 in sentence),
        ({"required": (5, 4)}, lambda sentence: {4, 5} <= set(sentence)),
        ({"min_words": 2}, lambda sentence: len(sentence) >= 2),
        ({"no_repeat": 1}, lambda sentence: len(set(sentence)) == len(sentence)),
        ({"no_repeat": 2, "min_words": 4}, lambda sentence: len(sentence) == 4 and no_run_twice(sentence)),
        ({"no_repeat": 1, "required": (4,), "min_words": 2},
         lambda sentence: len(set(sentence)) == len(sentence) >= 2 and 4 in sentence),
    ],
)  # fmt: skip
def test_under_constraints_a_wide_beam_finds_the_best_sentence_that_meets_them(limits, allows) -> None:
    table, state = language(8, seed=3)
    # Short sentences and words said twice are likely, so that the constraints have something to forbid.
    table[:, :, EOS] += 1
    table = (table + 3 * torch.eye(WORDS)).log_softmax(-1)
    free = search(table, state, beam=150, max_words=4)
    assert not all(allows(row[0].tokens) for row in free)
    for row, found in enumerate(search(table, state, beam=150, max_words=4, n_best=1, **limits)):
        _, score = exhaustive(table[row], 4, allows)
        assert allows(found[0].tokens)  # another may have the same score
        assert found[0].score == pytest.approx(score, abs=1e-5)


def test_required_words_stand_in_every_hypothesis_of_a_narrow_beam() -> None:
    table, state = language(40)
    found = search(table, state, beam=2, required=(5, 3, 4))
    assert all(row and {3, 4, 5} <= set(h.tokens) for row in found for h in row)


def test_a_row_that_leaves_early_has_the_sentences_it_would_have_ended_with() -> None:
    table, state = language(100)
    all_of_them = search(table, state, beam=4, max_words=8)
    for wanted in (1, 3):
        assert search(table, state, beam=4, max_words=8, n_best=wanted) == [row[:wanted] for row in all_of_them]


def test_decided_rows_are_no_longer_stepped() -> None:
    table, (rows,) = language(30)
    table[:10, :, EOS] = 5.0  # ends at once
    seen = []

    def step(last: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        seen.append(len(last))
        return table[state[0], last].log_softmax(-1), state

    beam_search(step, (rows,), 2, 6, BOS, EOS, Constraints((0, 1)), n_best=1)
    assert seen[0] == 60 and seen[1] <= 40


def test_constraints_that_nothing_can_meet_give_no_sentence_and_contradictions_are_refused() -> None:
    table, state = language(3)
    assert search(table, state, beam=2, no_repeat=1, min_words=4) == [[], [], []]  # three words there are
    for limits, said in (
        ({"min_words": 5}, "at least 5 words, but at most 4"),
        ({"required": (0,)}, r"\[0\] are required and banned"),
        ({"required": (3, 4, 5), "max_words": 2}, "3 required words, but at most 2"),
        ({"n_best": 3}, "3 sentences wanted of a beam of 2"),
    ):
        with pytest.raises(ValueError, match=said):
            search(table, state, beam=2, **limits)
