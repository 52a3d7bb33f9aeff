from __future__ import annotations

from random import Random

import nltk
import pytest

from crosscap.syntax.constituency.bracket_scores import bracket_scores, brackets

GOLD = "(TOP (S (NP (DT a) (NN dog)) (VP (VBZ runs) (PP (IN in) (NP (DT the) (NN park)))) (. .)))"
FLAT = "(TOP (S (NP (DT a) (NN dog)) (VP (VBZ runs)) (PP (IN in) (NP (DT the) (NN park))) (. .)))"


def tree(line: str) -> nltk.Tree:
    return nltk.Tree.fromstring(line)


def test_brackets_leave_out_root_tags_and_punctuation() -> None:
    words, found = brackets(tree(GOLD))
    assert words == ("a", "dog", "runs", "in", "the", "park")
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


def test_a_tree_over_other_words_and_one_of_punctuation_alone_are_left_out() -> None:
    other, marks = tree(GOLD.replace("dog", "cat")), tree("(TOP (X (. .)))")
    scores = bracket_scores([tree(GOLD), marks], [other, marks])
    assert (scores.failed, scores.sentences, scores.gold) == (2, 0, 0)


def test_function_tags_and_indices_are_no_part_of_a_label() -> None:
    gold, guess = tree("(TOP (S (NP-SBJ-1 (NN it)) (VP=2 (VB go))))"), tree("(TOP (S (NP (NN it)) (VP (VB go))))")
    assert bracket_scores([gold], [guess]).f1 == 1.0


def test_traces_and_what_spans_only_them_vanish() -> None:
    gold = tree("(TOP (S (NP (-NONE- *)) (VP (VB go) (NP (NN home)))))")
    assert dict(brackets(gold)[1]) == {("S", 0, 2): 1, ("VP", 0, 2): 1, ("NP", 1, 2): 1}


def plain_evalb(gold: str, guess: str) -> tuple[int, int, int]:
    """EVALB as its program goes about it, from the text: lists, loops over all pairs, a mark on what is matched."""
    tags = [part.split()[0] for part in gold.replace(")", "(").split("(") if len(part.split()) == 2]

    def read(text: str) -> list[tuple[str, int, int]]:
        open_ones: list[tuple[str, int] | None] = []
        done, seen, kept = [], 0, 0
        for part in text.replace("(", " ( ").replace(")", " ) ").split():
            if part == "(":
                open_ones.append(None)
            elif part == ")":
                label, start = open_ones.pop() or ("", 0)
                # What held a word was a tag: it was renamed when the word came.
                if label != "tag" and label != "TOP" and start < kept:
                    done.append(("ADVP" if label == "PRT" else label, start, kept))
            elif open_ones[-1] is None:
                open_ones[-1] = (part.split("-")[0], kept)
            else:
                open_ones[-1] = ("tag", kept)
                kept += tags[seen] not in (",", ":", "``", "''", ".", "-NONE-", "PU")
                seen += 1
        return done

    truth, found = read(gold), read(guess)
    used, matched = [False] * len(found), 0
    for bracket in truth:
        for number, other in enumerate(found):
            if not used[number] and bracket == other:
                used[number] = True
                matched += 1
                break
    return matched, len(found), len(truth)


def random_tree(random: Random, words: list[tuple[str, str]]) -> str:
    """A tree over tagged words, with unary chains and phrases over punctuation alone."""
    label = random.choice(["NP", "VP", "S", "PRT", "ADVP", "NP-SBJ"])
    if len(words) == 1:
        word, tag = words[0]
        return f"({label} ({tag} {word}))" if random.random() < 0.4 else f"({tag} {word})"
    if random.random() < 0.2:
        return f"({label} {random_tree(random, words)})"
    cut = random.randrange(1, len(words))
    return f"({label} {random_tree(random, words[:cut])} {random_tree(random, words[cut:])})"


def test_counts_equal_those_of_a_plain_reference_on_random_trees() -> None:
    random = Random(4)
    shared = 0
    for _ in range(300):
        words = [(f"w{n}", random.choice(["NN", "VB", ",", ".", "PU"])) for n in range(random.randint(1, 9))]
        words.append(("end", "NN"))
        retagged = [(word, random.choice([tag, "NN", ","])) for word, tag in words]
        gold = f"(TOP {random_tree(random, words)})"
        guess = f"(TOP {random_tree(random, random.choice([words, retagged]))})"
        scores = bracket_scores([tree(gold)], [tree(guess)])
        assert (scores.matched, scores.predicted, scores.gold) == plain_evalb(gold, guess), (gold, guess)
        shared += scores.matched
    assert shared > 300


def test_nothing_to_compare_scores_zero() -> None:
    assert bracket_scores([], []).f1 == 0.0


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError):
        bracket_scores([tree(GOLD)], [])
