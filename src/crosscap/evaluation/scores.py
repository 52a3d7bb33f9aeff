"""BLEU-1..4, METEOR, ROUGE-L and CIDEr of one set of captions, with what their corpus scores are computed from."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import zip_longest
from typing import Any

from crosscap.evaluation.cider import cider
from crosscap.evaluation.meteor import Meteor, MeteorFailed
from crosscap.evaluation.score_table import BLEU, BLEU_STATISTICS, METEOR_STATISTICS, METRICS

NGRAM_METRICS = (*BLEU, "ROUGE-L", "CIDEr")

Segmented = Mapping[str, Sequence[str]]
References = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Scores:
    """Scores of one set of captions, times 100.

    Attributes:
        corpus: metric → score of the whole set, None where it could not be computed.
        captions: metric → caption id → score.
        missing: metric → why it is None.
        statistics: column of the score table → caption id → numbers.
    """

    corpus: dict[str, float | None] = field(default_factory=dict)
    captions: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    statistics: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, metric: str, corpus: float, single: Mapping[str, float]) -> None:
        """Put in a metric of scores in [0, 1] (CIDEr: in [0, 10])."""
        self.corpus[metric] = round(100 * float(corpus), 4)
        self.captions[metric] = {key: 100 * float(value) for key, value in single.items()}

    def lack(self, metric: str, reason: str) -> None:
        """Say why a metric is null."""
        self.corpus[metric] = None
        self.captions[metric] = {}
        self.missing[metric] = reason

    def merged(self, other: Scores) -> Scores:
        """These and the metrics of ``other``, in the order of `METRICS`."""
        corpus = {**self.corpus, **other.corpus}
        return Scores(
            {metric: corpus[metric] for metric in METRICS if metric in corpus},
            {**self.captions, **other.captions},
            {**self.missing, **other.missing},
            {**self.statistics, **other.statistics},
        )


def score(
    references: References, hypotheses: Segmented, meteor: Meteor | str, metrics: Sequence[str] = METRICS[:-1]
) -> Scores:
    """Score segmented captions by n-grams and METEOR; SPICE scores all sets at once (`crosscap.evaluation.spice`).

    Args:
        references: caption id → its references, each a list of words; empty references are left out.
        hypotheses: caption id → words, maybe none; the same ids as ``references``.
        meteor: a running METEOR, or the reason why there is none.
        metrics: which to compute; the four BLEU come together.

    Raises:
        ValueError: ids differ, or a caption has no reference with a word in it.
    """
    if references.keys() != hypotheses.keys():
        raise ValueError("references and hypotheses are of different images")
    # Words joined by single spaces are the form that all of pycocoevalcap's scorers split again.
    expected = {key: [" ".join(words) for words in references[key] if words] for key in hypotheses}
    found = {key: " ".join(words) for key, words in hypotheses.items()}
    bare = [key for key, group in expected.items() if not group]
    if bare:
        raise ValueError(f"no reference with a word in it for {bare[0]!r}")
    result = Scores()
    steps: dict[str, Callable[[], None]] = {
        "METEOR": lambda: _meteor(result, expected, found, meteor),
        "ROUGE-L": lambda: _rouge(result, expected, found),
        "CIDEr": lambda: _cider(result, references, hypotheses),
    }
    if not found:
        for metric in metrics:
            result.lack(metric, "there is no caption to score")
        return result
    if set(BLEU) & set(metrics):
        _bleu(result, expected, found)
    for metric, step in steps.items():
        if metric in metrics:
            step()
    return result


def shuffled(hypotheses: Segmented, seed: int) -> dict[str, Sequence[str]]:
    """Every caption given to another image, none to its own: what remains of a score is not about the image."""
    ids = sorted(hypotheses)
    random.Random(seed).shuffle(ids)
    return {key: hypotheses[other] for key, other in zip(ids, ids[1:] + ids[:1], strict=True)}


def library_versions() -> str:
    return f"pycocoevalcap {version('pycocoevalcap')}, CIDEr is CIDEr-D, BLEU with the closest reference length"


def bleu_signature(references: References) -> str:
    """sacrebleu's signature of the BLEU computed here; sacrebleu gives the same BLEU-4 of the same words."""
    from sacrebleu.metrics.bleu import BLEU as SacreBLEU

    metric = SacreBLEU(tokenize="none", smooth_method="none", force=True)
    # The signature names the number of references, which sacrebleu learns from what it scores; "var" where it varies.
    numbers = {sum(map(bool, group)) for group in references.values()}
    samples = [["a"] * number for number in sorted(numbers)] or [["a"]]
    # A stream holds the n-th reference of every caption, None where there are fewer (its annotation omits None).
    streams: Any = list(zip_longest(*samples))
    metric.corpus_score(["a"] * len(samples), streams)
    return str(metric.get_signature())


def _bleu(result: Scores, expected: Mapping[str, list[str]], found: Mapping[str, str]) -> None:
    from pycocoevalcap.bleu.bleu_scorer import BleuScorer

    scorer = BleuScorer(n=4)
    for key, text in found.items():
        scorer += (text, expected[key])
    corpus, single = scorer.compute_score(option="closest")
    for metric, value, values in zip(BLEU, corpus, single, strict=True):
        result.add(metric, value, dict(zip(found, values, strict=True)))
    result.statistics[BLEU_STATISTICS] = {
        key: [words := counts["testlen"], _closest(counts["reflen"], words), *counts["correct"], *counts["guess"]]
        for key, counts in zip(found, scorer.ctest, strict=True)
    }


def _closest(lengths: Sequence[int], words: int) -> int:
    """The reference length nearest to ``words``, the shorter of two that are equally near."""
    return min(lengths, key=lambda length: (abs(length - words), length))


def _rouge(result: Scores, expected: Mapping[str, list[str]], found: Mapping[str, str]) -> None:
    from pycocoevalcap.rouge.rouge import Rouge

    corpus, single = Rouge().compute_score(
        {key: expected[key] for key in found}, {key: [text] for key, text in found.items()}
    )
    result.add("ROUGE-L", corpus, dict(zip(found, single, strict=True)))


def _cider(result: Scores, references: References, hypotheses: Segmented) -> None:
    if len(hypotheses) < 2:
        result.lack("CIDEr", "CIDEr weighs words by how many images they occur in: one image says nothing")
        return
    single = cider({key: [words for words in references[key] if words] for key in hypotheses}, hypotheses)
    result.add("CIDEr", sum(single.values()) / len(single), single)


def _meteor(result: Scores, expected: Mapping[str, list[str]], found: Mapping[str, str], meteor: Meteor | str) -> None:
    try:
        if isinstance(meteor, str):
            raise MeteorFailed(meteor)
        answer = meteor.scores(expected, found)
    except MeteorFailed as error:
        result.lack("METEOR", str(error))
    else:
        result.add("METEOR", answer.corpus, answer.captions)
        result.statistics[METEOR_STATISTICS] = answer.statistics
