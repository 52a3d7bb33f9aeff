"""Made-up captions of made-up images, scored as score tables have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pycocoevalcap.bleu.bleu_scorer import BleuScorer

from crosscap.evaluation.score_table import METRICS
from crosscap.significance.scored_set import ScoredSet, scored_set

WORDS = ("a", "man", "dog", "rides", "sees", "the", "red", "horse")


def captions(images: int, seed: int, shortest: int = 3) -> tuple[list[str], list[list[str]]]:
    """A caption and two references for each image."""
    draw = np.random.default_rng(seed)

    def caption() -> str:
        return " ".join(draw.choice(WORDS, draw.integers(shortest, 9)))

    return [caption() for _ in range(images)], [[caption(), caption()] for _ in range(images)]


def bleu_statistics(found: Sequence[str], references: Sequence[Sequence[str]]) -> list[list[int]]:
    """Counted by pycocoevalcap."""
    scorer = BleuScorer(n=4)
    for caption, group in zip(found, references, strict=True):
        scorer += (caption, list(group))
    closest = [min(item["reflen"], key=lambda length: (abs(length - item["testlen"]), length)) for item in scorer.ctest]
    return [
        [item["testlen"], length, *item["correct"], *item["guess"]]
        for item, length in zip(scorer.ctest, closest, strict=True)
    ]


def rows(
    cider: Sequence[float], statistics: Sequence[Sequence[int]] | None = None, kind: str = "with_phase2"
) -> list[dict[str, Any]]:
    """Rows of a score table, one an image, with CIDEr and, where given, BLEU's statistics."""
    empty = dict.fromkeys((*METRICS, "METEOR_statistics"))
    return [
        {
            **empty,
            "set": kind,
            "id": f"{number:04d}",
            "caption": f"caption {number}",
            "CIDEr": float(score),
            "BLEU_statistics": list(statistics[number]) if statistics is not None else [0] * 10,
        }
        for number, score in enumerate(cider)
    ]


def system(name: str, cider: Sequence[float], statistics: Sequence[Sequence[int]] | None = None) -> ScoredSet:
    return scored_set(name, rows(cider, statistics), "made up")
