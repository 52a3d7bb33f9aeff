from __future__ import annotations

import nltk
import pytest

from crosscap.syntax.constituency.bracket_scores import bracket_scores, brackets

GOLD = "(TOP (S (NP (DT a) (NN dog)) (VP (VBZ runs) (PP (IN in) (NP (DT the) (NN park)))) (. .)))"
FLAT = "(TOP (S (NP (DT a) (NN dog)) (VP (VBZ runs)) (PP (IN in) (NP (DT the) (NN park))) (. .)))"


def tree(line: str) -> nltk.Tree:
    return nltk.Tree.fromstring(line)


def test_brackets_leave_out_root_tags_and_punctuation() -> None:
    words, found = brackets(tree(GOLD))
    assert words == 6
    assert dict(found) == {("S", 0, 6): 1, ("NP", 0, 2): 1, ("VP", 2, 6): 1, ("PP", 3, 6): 1, ("NP", 4, 6): 1}


def test_scores_counted_by_hand() -> None:
    scores = bracket_scores([tree(GOLD), tree(GOLD)], [tree(FLAT), tree(GOLD)])
    # FLAT has 5 brackets and 4 of gold's 5 (VP spans one word); GOLD itself 5 of 5.
    assert (scores.matched, scores.predicted, scores.gold, scores.exact) == (9, 10, 10, 1)
    assert scores.precision == scores.recall == scores.f1 == pytest.approx(0.9)


def test_a_missing_bracket_lowers_recall_and_not_precision() -> None:
    scores = bracket_scores([tree("(TOP (S (NP (NN dogs)) (VP (VBP run))))")], [tree("(TOP (S (NN dogs) (VBP run)))")])
    assert (scores.precision, scores.recall, scores.f1) == (1.0, pytest.approx(1 / 3), 0.5)


def test_unary_chains_count_each_bracket() -> None:
    chain, single = tree("(TOP (NP (NP (NN dogs))))"), tree("(TOP (NP (NN dogs)))")
    scores = bracket_scores([chain], [single])
    assert (scores.matched, scores.predicted, scores.gold) == (1, 1, 2)


def test_advp_and_prt_are_one_label() -> None:
    gold, guess = tree("(TOP (VP (VB go) (PRT (RP up))))"), tree("(TOP (VP (VB go) (ADVP (RB up))))")
    assert bracket_scores([gold], [guess]).f1 == 1.0


def test_punctuation_is_what_gold_says_and_its_attachment_does_not_matter() -> None:
    gold = tree("(TOP (IP (NP (NN 狗)) (VP (VV 跑)) (PU 。)))")
    guess = tree("(TOP (IP (NP (NN 狗)) (VP (VV 跑) (NP (NN 。)))))")
    assert bracket_scores([gold], [guess]).f1 == 1.0


def test_failed_parses_are_left_out_and_counted() -> None:
    scores = bracket_scores([tree(GOLD), tree(GOLD), tree(GOLD)], [None, tree("(TOP (NN dog))"), tree(GOLD)])
    assert (scores.failed, scores.sentences, scores.f1) == (2, 1, 1.0)


def test_nothing_to_compare_scores_zero() -> None:
    assert bracket_scores([], []).f1 == 0.0


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError):
        bracket_scores([tree(GOLD)], [])
