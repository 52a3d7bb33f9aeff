from __future__ import annotations

import random

import pytest
from pycocoevalcap.cider.cider import Cider

from crosscap.evaluation.cider import cider

WORDS = ["a", "man", "woman", "dog", "cat", "rides", "runs", "red", "blue", "horse", "beach", "park"]


def captions(seed: int, images: int) -> tuple[dict[str, list[list[str]]], dict[str, list[str]]]:
    """Captions of 0 to 12 words of a dozen, so that n-grams repeat within captions, references and images."""
    chance = random.Random(seed)

    def caption(least: int) -> list[str]:
        return chance.choices(WORDS, k=chance.randint(least, 12))

    keys = [str(number) for number in range(images)]
    return {key: [caption(1) for _ in range(chance.randint(1, 6))] for key in keys}, {key: caption(0) for key in keys}


@pytest.mark.parametrize(("seed", "images"), [(1, 2), (2, 50), (3, 200)])
def test_scores_are_pycocoevalcaps(seed: int, images: int) -> None:
    references, hypotheses = captions(seed, images)
    joined = {key: [" ".join(words) for words in group] for key, group in references.items()}
    corpus, single = Cider().compute_score(joined, {key: [" ".join(words)] for key, words in hypotheses.items()})
    ours = cider(references, hypotheses)
    assert ours == pytest.approx(dict(zip(hypotheses, single, strict=True)), abs=1e-9)
    assert sum(ours.values()) / images == pytest.approx(corpus, abs=1e-9)
    assert min(ours.values()) == 0 < max(ours.values()) or images == 2


def test_a_word_of_every_image_and_a_caption_of_unknown_words_weigh_nothing() -> None:
    references = {"1": [["a", "dog"]], "2": [["a", "cat"]]}
    assert cider(references, {"1": ["a"], "2": ["zebra"]}) == {"1": 0.0, "2": 0.0}
    # Of one word and of bigrams the cosine is 1, of longer n-grams there are none: 10 * 2 / 4.
    assert cider(references, {"1": ["a", "dog"], "2": ["zebra"]})["1"] == pytest.approx(5)
