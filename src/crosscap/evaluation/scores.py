"""BLEU-1..4, METEOR, ROUGE-L and CIDEr of one set of captions, by pycocoevalcap's scorers."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from crosscap.evaluation.meteor import Meteor, MeteorFailed

BLEU = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4")
METRICS = (*BLEU, "METEOR", "ROUGE-L", "CIDEr")

Segmented = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Scores:
    """Scores of one set of captions, times 100.

    Attributes:
        corpus: metric → score of the whole set, None where it could not be computed.
        captions: metric → caption id → score.
        missing: metric → why it is None.
    """

    corpus: dict[str, float | None]
    captions: dict[str, dict[str, float]]
    missing: dict[str, str] = field(default_factory=dict)


def score(
    references: Mapping[str, Sequence[Sequence[str]]],
    hypotheses: Segmented,
    meteor: Meteor | str,
    metrics: Sequence[str] = METRICS,
) -> Scores:
    """Score segmented captions.

    Args:
        references: caption id → its references, each a list of words; empty references are left out.
        hypotheses: caption id → words, maybe none; the same ids as ``references``.
        meteor: a running METEOR, or the reason why there is none.
        metrics: which to compute.

    Raises:
        ValueError: ids differ, or a caption has no reference with a word in it.
    """
    if references.keys() != hypotheses.keys():
        raise ValueError("references and hypotheses are of different images")
    # Words joined by single spaces are the form that all of pycocoevalcap's scorers split again.
    expected = {key: [" ".join(words) for words in group if words] for key, group in references.items()}
    found = {key: " ".join(words) for key, words in hypotheses.items()}
    bare = [key for key, group in expected.items() if not group]
    if bare:
        raise ValueError(f"no reference with a word in it for {bare[0]!r}")
    result = Scores({}, {})
    if {"BLEU-1", "BLEU-4"} & set(metrics):
        _compute(result, BLEU, found, lambda: _bleu(expected, found))
    if "METEOR" in metrics:
        _compute(result, ("METEOR",), found, lambda: _meteor(expected, found, meteor))
    if "ROUGE-L" in metrics:
        _compute(result, ("ROUGE-L",), found, lambda: _rouge(expected, found))
    if "CIDEr" in metrics:
        _compute(result, ("CIDEr",), found, lambda: _cider(expected, found))
    return result


def shuffled(hypotheses: Segmented, seed: int) -> dict[str, Sequence[str]]:
    """Every caption given to another image, none to its own: what remains of a score is not about the image."""
    ids = sorted(hypotheses)
    random.Random(seed).shuffle(ids)
    return {key: hypotheses[other] for key, other in zip(ids, ids[1:] + ids[:1], strict=True)}


def library_versions() -> str:
    return f"pycocoevalcap {version('pycocoevalcap')}, CIDEr is CIDEr-D, BLEU with the closest reference length"


class _Unavailable(Exception):
    """A metric cannot be computed; the message is the reason that stands beside the null."""


Computed = list[tuple[float, Sequence[float]]]


def _compute(result: Scores, names: Sequence[str], found: Mapping[str, str], work: Callable[[], Computed]) -> None:
    try:
        if not found:
            raise _Unavailable("there is no caption to score")
        for name, (corpus, single) in zip(names, work(), strict=True):
            result.corpus[name] = round(100 * float(corpus), 4)
            result.captions[name] = {key: 100 * float(value) for key, value in zip(found, single, strict=True)}
    except _Unavailable as error:
        for name in names:
            result.corpus[name] = None
            result.captions[name] = {}
            result.missing[name] = str(error)


def _bleu(expected: Mapping[str, list[str]], found: Mapping[str, str]) -> Computed:
    from pycocoevalcap.bleu.bleu import Bleu

    corpus, single = Bleu(4).compute_score(_ordered(expected, found), _lists(found), verbose=0)
    return list(zip(corpus, single, strict=True))


def _rouge(expected: Mapping[str, list[str]], found: Mapping[str, str]) -> Computed:
    from pycocoevalcap.rouge.rouge import Rouge

    return [Rouge().compute_score(_ordered(expected, found), _lists(found))]


def _cider(expected: Mapping[str, list[str]], found: Mapping[str, str]) -> Computed:
    from pycocoevalcap.cider.cider import Cider

    if len(found) < 2:
        raise _Unavailable("CIDEr weighs words by how many images they occur in: one image says nothing")
    return [Cider().compute_score(_ordered(expected, found), _lists(found))]


def _meteor(expected: Mapping[str, list[str]], found: Mapping[str, str], meteor: Meteor | str) -> Computed:
    if isinstance(meteor, str):
        raise _Unavailable(meteor)
    try:
        corpus, single = meteor.scores(expected, found)
    except MeteorFailed as error:
        raise _Unavailable(str(error)) from None
    return [(corpus, list(single.values()))]


def _ordered(expected: Mapping[str, list[str]], found: Mapping[str, str]) -> dict[str, list[str]]:
    return {key: expected[key] for key in found}


def _lists(found: Mapping[str, str]) -> dict[str, Any]:
    return {key: [text] for key, text in found.items()}
