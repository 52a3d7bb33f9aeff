from __future__ import annotations

from random import Random

import nltk
import pytest

from crosscap.syntax.constituency.coincidence import CHINESE_TO_PENN, tree_coincidence

ENGLISH = "(TOP (S (NP (DT a) (NN dog)) (VP (VBZ runs) (PP (IN in) (NP (DT the) (NN park))))))"
CHINESE = "(TOP (IP (NP (QP (CD 一只)) (NP (NN 狗))) (VP (PP (P 在) (NP (NN 公园))) (VP (VV 跑)))))"


def tree(line: str) -> nltk.Tree:
    return nltk.Tree.fromstring(line)


def random_tree(random: Random, depth: int = 0) -> str:
    if depth > 3 or random.random() < 0.3:
        return f"({random.choice(['NN', 'VB'])} w)"
    inner = " ".join(random_tree(random, depth + 1) for _ in range(random.randint(1, 3)))
    return f"({random.choice(['NP', 'VP', 'NP-SBJ'])} {inner})"


def plain_coincidence(first: nltk.Tree, second: nltk.Tree) -> float:
    """By positions of nltk's own tree: list the phrases of both, strike out a partner for each, count what is left."""

    def phrases(whole: nltk.Tree) -> list[str]:
        listed = []
        for position in whole.treepositions():
            if len(position) and isinstance(whole[position], nltk.Tree) and whole[position].height() > 2:
                above = [whole[position[:length]].label() for length in range(1, len(position) + 1)]
                listed.append("/".join(label.split("-")[0] for label in above))
        return listed

    mine, theirs = phrases(first), phrases(second)
    total, matched = 0.0, 0
    left = list(theirs)
    for phrase in mine:
        if phrase in left:
            left.remove(phrase)
            matched += 1
            total += 1 / len(phrase.split("/"))
    union = len(mine) + len(theirs) - matched
    return total / union if union else 1.0


def test_a_case_counted_by_hand() -> None:
    # English: S, S/NP, S/VP, S/VP/PP, S/VP/PP/NP
    # Chinese: S, S/NP, S/NP/QP, S/NP/NP, S/VP, S/VP/PP, S/VP/PP/NP, S/VP/VP.
    # matched: all five of English; of either: 8
    expected = (1 + 1 / 2 + 1 / 2 + 1 / 3 + 1 / 4) / 8
    assert tree_coincidence(tree(ENGLISH), tree(CHINESE), CHINESE_TO_PENN) == pytest.approx(expected)
    assert tree_coincidence(tree(ENGLISH), tree(CHINESE)) == 0.0


def test_equal_trees_reach_one_only_when_flat() -> None:
    assert tree_coincidence(tree("(TOP (NP (DT a) (NN dog)))"), tree("(TOP (NP (NN dogs)))")) == 1.0
    assert tree_coincidence(tree(ENGLISH), tree(ENGLISH)) == pytest.approx((1 + 0.5 + 0.5 + 1 / 3 + 0.25) / 5)


def test_trees_without_phrases() -> None:
    bare, phrase = tree("(TOP (NN dog))"), tree("(TOP (NP (NN dog)))")
    assert tree_coincidence(bare, bare) == 1.0
    assert tree_coincidence(bare, phrase) == 0.0


def test_a_phrase_is_matched_once() -> None:
    two, one = tree("(TOP (NP (NN a)) (NP (NN b)))"), tree("(TOP (NP (NN a)))")
    assert tree_coincidence(two, one) == 0.5


def test_on_random_trees_it_is_symmetric_bounded_and_what_a_plain_reference_counts() -> None:
    random = Random(5)
    between = 0
    for _ in range(300):
        first, second = (tree(f"(TOP {random_tree(random)} {random_tree(random)})") for _ in range(2))
        value = tree_coincidence(first, second)
        assert value == tree_coincidence(second, first) == pytest.approx(plain_coincidence(first, second))
        assert 0 <= value <= 1
        between += 0 < value < 1
    assert between > 100
