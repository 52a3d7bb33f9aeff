from __future__ import annotations

import random

import pytest

from crosscap.config.filter import Alignment, Split
from crosscap.text import rules
from crosscap.text.alignment import LexicalModel
from crosscap.text.corpus_filter import Funnel, Splitter, alignment, apply_rules, split_key
from crosscap.text.rules import Candidate

NOUNS = {
    "dog": "狗",
    "cat": "猫",
    "man": "男人",
    "car": "车",
    "tree": "树",
    "hat": "帽子",
    "house": "房子",
    "boat": "船",
}
VERBS = {"sees": "看", "likes": "喜欢", "draws": "画", "finds": "找到"}


def candidate(id: str, source: str, target: str) -> Candidate:
    return Candidate(id, source, target, "", tuple(source.split()), tuple(target.split()))


def sentences(count: int, seed: int) -> list[Candidate]:
    """Sentences of three content words and their translations."""
    draw = random.Random(seed)
    pairs = []
    for number in range(count):
        one, verb, other = draw.choice(list(NOUNS)), draw.choice(list(VERBS)), draw.choice(list(NOUNS))
        target = f"{NOUNS[one]} {VERBS[verb]} {NOUNS[other]}"
        pairs.append(candidate(f"p{number}", f"the {one} {verb} the {other} {number % 7}", target))
    return pairs


def test_the_funnel_counts_each_pair_under_the_first_rule_that_drops_it():
    funnel = Funnel()
    used = {"copies": rules.copies(), "duplicates": rules.duplicates()}
    pairs = [candidate("1", "a", "a"), candidate("2", "a", "一"), candidate("3", "a", "一"), candidate("4", "b", "二")]
    assert [p.id for p in apply_rules(pairs, used, funnel)] == ["2", "4"]
    assert funnel.as_json({"train": 2}) == {
        "pairs": 4,
        "kept": 2,
        "rules": [
            {"rule": "copies", "dropped": 1, "left": 3, "examples": [{"id": "1", "source": "a", "target": "a"}]},
            {"rule": "duplicates", "dropped": 1, "left": 2, "examples": [{"id": "3", "source": "a", "target": "一"}]},
        ],
        "splits": {"train": 2},
    }


def test_no_more_than_three_examples_are_kept():
    funnel = Funnel()
    assert not list(apply_rules([candidate(str(i), "a", "a") for i in range(9)], {"copies": rules.copies()}, funnel))
    assert (funnel.dropped["copies"], len(funnel.examples["copies"])) == (9, 3)


def test_the_lexical_model_learns_translations():
    pairs = [(list(p.source_tokens), list(p.target_tokens)) for p in sentences(300, seed=1)]
    model = LexicalModel.train(pairs, iterations=5)
    assert model.score(["the", "dog", "sees", "the", "cat"], ["狗", "看", "猫"]) > 0.5
    assert model.score(["the", "dog", "sees", "the", "cat"], ["车", "画", "房子"]) < 0


def test_wrong_alignments_are_found_although_the_models_learn_from_them():
    pairs = sentences(600, seed=2)
    wrong = set(range(0, 600, 20))
    draw = random.Random(3)
    for index in wrong:
        words = set(pairs[index].target_tokens)
        other = next(p for p in draw.sample(pairs, 600) if not words & set(p.target_tokens))
        pairs[index] = candidate(pairs[index].id, pairs[index].source, other.target)
    keep = alignment(pairs, Alignment(iterations=5, sample=1000, min=0.0))
    dropped = {index for index, pair in enumerate(pairs) if not keep(pair)}
    assert dropped == wrong


def test_shares_split_by_sentence_so_paraphrases_stay_together():
    splitter = Splitter((), Split(val=0.25, test=0.25))
    names = [splitter.split(split_key((f"sentence{i}", "."))) for i in range(4000)]
    assert [names.count(name) for name in ("train", "val", "test")] == [1984, 1006, 1010]
    assert split_key(("a", "dog", ".")) == split_key(("a", "dog"))


def test_counts_give_exactly_so_many_pairs():
    keys = [split_key((f"sentence{i}",)) for i in range(500)]
    splitter = Splitter(keys, Split(val=40, test=0.1))
    names = [splitter.split(key) for key in keys]
    assert [names.count(name) for name in ("train", "val", "test")] == [410, 40, 50]


@pytest.mark.parametrize("parameters", [Split(val=0, test=0), Split(val=0.0, test=0.0)])
def test_without_validation_and_test_everything_is_training(parameters):
    splitter = Splitter([], parameters)
    assert splitter.split(0) == "train"
