"""What scores must not depend on, and what they must equal."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from sacrebleu.metrics.bleu import BLEU as SacreBLEU

from crosscap.evaluation.meteor import Meteor
from crosscap.evaluation.score_table import BLEU
from crosscap.evaluation.scores import Scores, bleu_signature, score
from crosscap.evaluation.sets import Scorers, score_sets

METRICS = (*BLEU, "METEOR", "ROUGE-L", "CIDEr")
WORDS = ["一个", "男人", "女人", "狗", "猫", "骑", "马", "在", "公园", "里", "跑", "红色", "的", "伞"]
References = dict[str, list[list[str]]]
Hypotheses = dict[str, list[str]]


def captions(images: int = 12) -> tuple[References, Hypotheses]:
    chance = random.Random(5)

    def caption() -> list[str]:
        return chance.choices(WORDS, k=chance.randint(3, 9))

    references = {f"i{number}": [caption() for _ in range(chance.randint(1, 4))] for number in range(images)}
    # One word more than the first reference has, so that longer n-grams match too.
    return references, {key: [*group[0], chance.choice(WORDS)] for key, group in references.items()}


@pytest.fixture(scope="module")
def meteor() -> Iterator[Meteor]:
    with Meteor(paraphrases=False) as process:
        yield process


@pytest.fixture(scope="module")
def plain(meteor: Meteor) -> Scores:
    return score(*captions(), meteor, METRICS)


def same(first: Scores, second: Scores, but: tuple[str, ...] = ()) -> None:
    for metric in METRICS:
        if metric not in but:
            assert second.corpus[metric] == pytest.approx(first.corpus[metric], abs=1e-4), metric
            assert second.captions[metric] == pytest.approx(first.captions[metric], abs=1e-9), metric


def test_the_order_of_images_and_of_references_does_not_matter(plain: Scores, meteor: Meteor) -> None:
    references, hypotheses = captions()
    reversed_ids = dict(reversed(hypotheses.items()))
    same(plain, score({key: references[key][::-1] for key in reversed(references)}, reversed_ids, meteor, METRICS))


def test_a_reference_given_twice_counts_once_but_for_the_mean_that_cider_takes(plain: Scores, meteor: Meteor) -> None:
    references, hypotheses = captions()
    once_more = {key: [*group, group[0]] for key, group in references.items()}
    same(plain, score(once_more, hypotheses, meteor, METRICS), but=("CIDEr",))
    # All references twice: the same mean.
    same(plain, score({key: group * 2 for key, group in references.items()}, hypotheses, meteor, METRICS))


def test_an_empty_caption_leaves_the_scores_of_the_others(plain: Scores, meteor: Meteor) -> None:
    references, hypotheses = captions()
    scores = score(references, {**hypotheses, "i3": []}, meteor, METRICS)
    for metric in METRICS:
        others = {key: value for key, value in plain.captions[metric].items() if key != "i3"}
        assert {key: scores.captions[metric][key] for key in others} == pytest.approx(others)
        assert scores.captions[metric]["i3"] == pytest.approx(0, abs=1e-6)
        # Corpus BLEU may rise: an empty caption has no wrong word, and the others are long enough here.
        if metric not in BLEU:
            assert 0 < scores.corpus[metric] < plain.corpus[metric]  # type: ignore[operator]


def test_captions_that_are_all_empty_score_zero_and_break_nothing(meteor: Meteor) -> None:
    references, hypotheses = captions()
    scores = score(references, dict.fromkeys(hypotheses, ()), meteor, METRICS)
    assert scores.corpus == dict.fromkeys(METRICS, 0.0)


def test_one_image_has_the_corpus_scores_of_its_caption_and_no_cider(meteor: Meteor) -> None:
    references, hypotheses = captions(1)
    scores = score(references, hypotheses, meteor, METRICS)
    assert scores.corpus["CIDEr"] is None
    for metric in METRICS[:-1]:
        assert scores.corpus[metric] == pytest.approx(scores.captions[metric]["i0"], abs=1e-3), metric


def test_a_copy_of_a_reference_is_perfect(meteor: Meteor) -> None:
    references, _ = captions()
    scores = score(references, {key: max(group, key=len) for key, group in references.items()}, meteor, METRICS)
    assert scores.corpus["BLEU-1"] == scores.corpus["ROUGE-L"] == pytest.approx(100)


def test_bleu_4_is_sacrebleus_and_its_signature_says_how(plain: Scores) -> None:
    references, hypotheses = captions()
    metric = SacreBLEU(tokenize="none", smooth_method="none", force=True)
    widest = max(map(len, references.values()))
    streams = [
        [" ".join(group[row]) if row < len(group) else None for group in references.values()] for row in range(widest)
    ]
    theirs = metric.corpus_score([" ".join(words) for words in hypotheses.values()], streams)  # type: ignore[arg-type]
    assert plain.corpus["BLEU-4"] == pytest.approx(theirs.score, abs=1e-4) and theirs.score > 1
    assert bleu_signature(references) == str(metric.get_signature())


def test_sets_scored_together_have_the_scores_that_each_has_alone(meteor: Meteor) -> None:
    references, hypotheses = captions()
    moved = dict(zip(hypotheses, [*list(hypotheses.values())[1:], hypotheses["i0"]], strict=True))
    together = score_sets({"a": (references, hypotheses), "b": (references, moved)}, Scorers("given", "zh"))
    same(score(references, hypotheses, meteor, METRICS), together["a"])
    same(score(references, moved, meteor, METRICS), together["b"])
    assert list(together["a"].corpus) == [*METRICS, "SPICE"]
