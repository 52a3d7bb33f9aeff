from __future__ import annotations

import math

import pytest

from crosscap.evaluation.score_table import METRICS
from crosscap.evaluation.scores import score, shuffled

REFERENCES = {
    "1": [["一只", "狗", "在", "公园", "里", "跑"], ["狗", "在", "跑"]],
    "2": [["一个", "女人", "骑", "马"], ["女人", "在", "骑", "马"]],
    "3": [["海滩", "上", "的", "红色", "雨伞"]],
}
HYPOTHESES = {"1": ["一只", "狗", "在", "跑"], "2": ["女人", "骑", "马"], "3": ["雨伞"]}


def test_bleu_is_the_textbook_formula_with_the_closest_reference_length() -> None:
    scores = score(REFERENCES, HYPOTHESES, "no METEOR in this test", ["BLEU-1", "BLEU-4"])
    # All 8 words match. Closest lengths: |4-3| < |4-6|, then |3-4|, then 5: 3 + 4 + 5 = 12.
    assert scores.corpus["BLEU-1"] == pytest.approx(100 * math.exp(1 - 12 / 8), abs=1e-3)
    # Bigrams: 一只-狗, 狗-在, 在-跑, 骑-马 match; 女人-骑 does too: 5 of 5.
    assert scores.corpus["BLEU-2"] == pytest.approx(100 * math.exp(1 - 12 / 8), abs=1e-3)


def test_rouge_l_is_the_f_measure_of_the_longest_common_subsequence_with_beta_1_2() -> None:
    scores = score(REFERENCES, HYPOTHESES, "", ["ROUGE-L"])

    def f(precision: float, recall: float) -> float:
        return (1 + 1.2**2) * precision * recall / (recall + 1.2**2 * precision)

    # Best precision and best recall are taken over the references, as in coco-caption.
    expected = {"1": f(1, 1), "2": f(1, 3 / 4), "3": f(1, 1 / 5)}
    assert scores.captions["ROUGE-L"] == pytest.approx({key: 100 * value for key, value in expected.items()})


def test_cider_agrees_with_a_slow_reference_written_from_the_paper() -> None:
    scores = score(REFERENCES, HYPOTHESES, "", ["CIDEr"])
    assert scores.captions["CIDEr"] == pytest.approx(_slow_cider_d(REFERENCES, HYPOTHESES), abs=1e-6)


def test_cider_of_one_image_is_missing_with_the_reason_and_not_zero() -> None:
    scores = score({"1": REFERENCES["1"]}, {"1": HYPOTHESES["1"]}, "", ["CIDEr"])
    assert scores.corpus["CIDEr"] is None
    assert "one image" in scores.missing["CIDEr"]


def test_no_captions_at_all_give_reasons_and_no_crash() -> None:
    scores = score({}, {}, "no Java")
    assert scores.corpus == dict.fromkeys(METRICS[:-1])
    assert scores.missing["BLEU-4"] == "there is no caption to score"


def test_an_empty_caption_scores_zero_and_the_others_keep_their_scores() -> None:
    scores = score(REFERENCES, {**HYPOTHESES, "2": []}, "", ["BLEU-1", "ROUGE-L", "CIDEr"])
    assert scores.captions["ROUGE-L"]["2"] == scores.captions["CIDEr"]["2"] == 0
    assert scores.captions["BLEU-1"]["2"] == pytest.approx(0, abs=1e-6)
    assert scores.captions["ROUGE-L"]["1"] == pytest.approx(100)


def test_without_java_meteor_is_null_and_every_other_metric_stands() -> None:
    scores = score(REFERENCES, HYPOTHESES, "no Java: mend it")
    assert scores.corpus["METEOR"] is None
    assert scores.missing == {"METEOR": "no Java: mend it"}
    assert all(value is not None for name, value in scores.corpus.items() if name != "METEOR")


def test_captions_of_other_images_are_refused() -> None:
    with pytest.raises(ValueError, match="different images"):
        score(REFERENCES, {"1": ["狗"]}, "")


@pytest.mark.parametrize("count", [2, 3, 10])
def test_shuffling_gives_no_image_its_own_caption_and_is_fixed_by_the_seed(count: int) -> None:
    captions = {str(number): [f"caption-{number}"] for number in range(count)}
    moved = shuffled(captions, seed=7)
    assert moved == shuffled(dict(reversed(captions.items())), seed=7)
    assert sorted(moved.values()) == sorted(captions.values())
    assert all(moved[key] != captions[key] for key in captions)


def _slow_cider_d(references: dict[str, list[list[str]]], hypotheses: dict[str, list[str]]) -> dict[str, float]:
    """CIDEr-D of Vedantam et al. 2015, sections 3 and 6, times 100 (the paper's factor 10 included)."""

    def grams(words: list[str], n: int) -> list[tuple[str, ...]]:
        return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]

    result = {}
    for key, words in hypotheses.items():
        total = 0.0
        for n in (1, 2, 3, 4):
            per_reference = []
            for reference in references[key]:
                vectors = []
                for side in (words, reference):
                    vector = {}
                    for gram in set(grams(side, n)):
                        images = sum(any(gram in grams(r, n) for r in group) for group in references.values())
                        vector[gram] = grams(side, n).count(gram) * math.log(len(references) / max(1, images))
                    vectors.append(vector)
                mine, theirs = vectors
                dot = sum(min(value, theirs.get(gram, 0)) * theirs.get(gram, 0) for gram, value in mine.items())
                norms = [math.sqrt(sum(value**2 for value in vector.values())) for vector in vectors]
                cosine = dot / (norms[0] * norms[1]) if all(norms) else 0.0
                # coco-caption measures length by bigrams, so a pair of captions of 4 and 6 words differs by 2.
                gap = max(len(words) - 1, 0) - max(len(reference) - 1, 0)
                per_reference.append(cosine * math.exp(-(gap**2) / (2 * 6**2)))
            total += sum(per_reference) / len(per_reference)
        result[key] = 100 * 10 * total / 4
    return result
