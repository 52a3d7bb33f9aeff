"""Resampling against plain loops, and what it promises against simulations in which the truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pycocoevalcap.bleu.bleu import Bleu

from crosscap.significance.comparison import compare, different_images
from crosscap.significance.resampling import (
    Resampling,
    bootstrap_p,
    bootstrap_scores,
    holm,
    interval,
    randomisation_p,
    randomised_differences,
)
from crosscap.significance.scored_set import ScoredSet
from tests.significance.made_up import bleu_statistics, captions, system

IMAGES = 12


def bleu_of(found: list[str], references: list[list[str]]) -> list[float]:
    """pycocoevalcap's own corpus BLEU-1..4, times 100."""
    numbered = dict(enumerate(references)), {number: [caption] for number, caption in enumerate(found)}
    return [100 * float(value) for value in Bleu(4).compute_score(*numbered, verbose=0)[0]]


@pytest.fixture
def pair() -> tuple[ScoredSet, ScoredSet]:
    draw = np.random.default_rng(1)
    found, references = captions(IMAGES, 1)
    other, _ = captions(IMAGES, 2)
    return (
        system("first", draw.normal(60, 20, IMAGES), bleu_statistics(found, references)),
        system("second", draw.normal(50, 20, IMAGES), bleu_statistics(other, references)),
    )


def test_a_resample_scores_as_its_captions_would_be_scored_anew() -> None:
    found, references = captions(IMAGES, 1)
    scored = system("x", range(IMAGES), bleu_statistics(found, references))
    plan = Resampling(50, 0.95, 3)
    (scores,) = bootstrap_scores([scored], plan)
    picks = np.random.default_rng(3).integers(IMAGES, size=(50, IMAGES))  # the images that were drawn
    for sample, images in enumerate(picks):
        expected = bleu_of([found[i] for i in images], [references[i] for i in images])
        assert [scores[f"BLEU-{n}"][sample] for n in (1, 2, 3, 4)] == pytest.approx(expected, abs=1e-9)
        assert scores["CIDEr"][sample] == pytest.approx(np.mean(images))


def test_captions_shorter_than_the_references_are_punished_in_resamples_too() -> None:
    found = ["a man", "a dog", "the horse"]
    references = [["a man rides"], ["a dog sees a man"], ["the horse sees"]]
    scored = system("x", [1, 2, 3], bleu_statistics(found, references))
    assert scored.corpus["BLEU-1"] == pytest.approx(bleu_of(found, references)[0])
    assert scored.corpus["BLEU-1"] == pytest.approx(100 * math.exp(1 - 11 / 6))


def test_shuffled_systems_score_as_their_mixed_captions_would_be_scored_anew() -> None:
    (found, references), (other, _) = captions(IMAGES, 1), captions(IMAGES, 2)
    first, second = (system(n, range(12), bleu_statistics(c, references)) for n, c in (("a", found), ("b", other)))
    (differences,) = randomised_differences([(first, second)], Resampling(64, 0.95, 5))
    stream = np.random.default_rng(5).bytes(64 * IMAGES // 8)
    coins = np.unpackbits(np.frombuffer(stream, np.uint8)).reshape(64, IMAGES)
    for sample, kept in enumerate(coins):
        mixed = [(a, b) if keep else (b, a) for a, b, keep in zip(found, other, kept, strict=True)]
        ours, theirs = (bleu_of([both[side] for both in mixed], references) for side in (0, 1))
        for order in (1, 2, 3, 4):
            expected = ours[order - 1] - theirs[order - 1]
            assert differences[f"BLEU-{order}"][sample] == pytest.approx(expected, abs=1e-9)


def test_p_of_few_images_is_the_exact_one() -> None:
    """Of six images all 64 ways to shuffle can be counted."""
    gains = np.array([3.0, 1.0, 2.0, -1.0, 4.0, 2.0])
    signs = np.array(np.meshgrid(*[[-1, 1]] * 6)).reshape(6, -1)
    exact = (np.abs(gains @ signs) >= gains.sum() - 1e-9).mean()
    first, second = system("first", gains), system("second", np.zeros(6))
    (drawn,) = randomised_differences([(first, second)], Resampling(40_000, 0.95, 1))
    assert exact == 6 / 64
    assert randomisation_p(drawn["CIDEr"], float(gains.mean())) == pytest.approx(exact, abs=0.005)


def test_chunks_change_nothing_but_the_draw(monkeypatch: pytest.MonkeyPatch, pair: tuple[ScoredSet, ScoredSet]) -> None:
    plan = Resampling(1000, 0.95, 1)
    whole = bootstrap_scores(pair, plan), randomised_differences([pair], plan)
    monkeypatch.setattr("crosscap.significance.resampling.CELLS", 8 * IMAGES)
    parts = bootstrap_scores(pair, plan), randomised_differences([pair], plan)
    for one, other in ((whole[0][0], parts[0][0]), (whole[1][0], parts[1][0])):
        for metric, scores in one.items():
            assert other[metric] == pytest.approx(scores), metric


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """400 test sets of 60 images, scores from an exponential distribution with mean 50: 95 % intervals of the mean."""
    draw, plan = np.random.default_rng(11), Resampling(400, 0.95, 1)
    sets = [system("x", draw.exponential(50, 60)) for _ in range(400)]
    bounds = [interval(scores["CIDEr"], 0.95) for scores in bootstrap_scores(sets, plan)]
    held = np.mean([low <= 50 <= high for low, high in bounds])
    # A skewed distribution and 60 images: the percentile interval is known to be a little narrow.
    assert 0.90 <= held <= 0.965


@pytest.mark.parametrize("kind", ["bootstrap", "randomisation"])
def test_p_is_uniform_where_there_is_no_difference(kind: str) -> None:
    """400 pairs of systems whose captions' scores come from one distribution."""
    draw, plan = np.random.default_rng(7), Resampling(400, 0.95, 1)
    common = draw.normal(50, 20, (400, 60))  # some images are easy for both
    pairs = [
        (system("first", row + draw.normal(0, 10, 60)), system("second", row + draw.normal(0, 10, 60)))
        for row in common
    ]
    if kind == "bootstrap":
        scores = bootstrap_scores([one for pair in pairs for one in pair], plan)
        drawn = [first["CIDEr"] - second["CIDEr"] for first, second in zip(scores[::2], scores[1::2], strict=True)]
        values = np.array([bootstrap_p(differences) for differences in drawn])
    else:
        drawn = [differences["CIDEr"] for differences in randomised_differences(pairs, plan)]
        observed = [first.corpus["CIDEr"] - second.corpus["CIDEr"] for first, second in pairs]
        values = np.array([randomisation_p(*both) for both in zip(drawn, observed, strict=True)])
    for share in (0.05, 0.25, 0.5, 0.75):
        # Four standard deviations of a share of 400.
        assert (values <= share).mean() == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 400)), share


def test_a_difference_is_found_and_equal_systems_have_none(pair: tuple[ScoredSet, ScoredSet]) -> None:
    plan = Resampling(1000, 0.95, 1)
    better = system("better", np.array(pair[0].single["CIDEr"]) + np.linspace(4, 6, IMAGES))
    drawn = bootstrap_scores([better, *pair], plan)
    gain, nothing = compare([(better, pair[0]), (pair[0], pair[0])], [(drawn[0], drawn[1]), (drawn[1], drawn[1])], plan)
    cider = next(each for each in gain if each.metric == "CIDEr")
    assert cider.difference == pytest.approx(5) and 4 < cider.low < 5 < cider.high < 6
    assert cider.p_bootstrap == pytest.approx(2 / 1001) and cider.p_randomisation < 0.005
    for each in nothing:
        assert (each.difference, each.low, each.high) == (0, 0, 0)
        assert each.p_bootstrap == each.p_randomisation == each.p_holm == 1


def test_exchanged_systems_have_the_negative_difference(pair: tuple[ScoredSet, ScoredSet]) -> None:
    plan = Resampling(500, 0.9, 2)
    drawn = bootstrap_scores(pair, plan)
    there, back = compare([pair, pair[::-1]], [(drawn[0], drawn[1]), (drawn[1], drawn[0])], plan)
    for one, other in zip(there, back, strict=True):
        assert (one.difference, one.low, one.high) == pytest.approx((-other.difference, -other.high, -other.low))
        assert (one.p_bootstrap, one.p_randomisation) == (other.p_bootstrap, other.p_randomisation)


def test_holms_correction_is_that_of_his_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


def test_other_images_and_single_images_are_refused_with_the_reason() -> None:
    first, second = system("hgm/text", range(5)), system("gen/text", range(3))
    reason = "hgm/text is of 5 images, gen/text of 3; 2 only of the first: 0003, 0004"
    assert different_images(first, second) == reason
    assert different_images(second, first) == "gen/text is of 3 images, hgm/text of 5; 2 only of the second: 0003, 0004"
    one = system("x", [1.0])
    assert different_images(one, one) == "1 image: nothing can be said from less than two"
    plan = Resampling(100, 0.95, 1)
    with pytest.raises(ValueError, match="2 only of the first"):
        compare([(first, second)], [], plan)
