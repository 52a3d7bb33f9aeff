"""Scores of a file of captions that any system made, against a file of references."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from crosscap.errors import InputError
from crosscap.evaluation.captions import read_references, read_results
from crosscap.evaluation.sets import CaptionSet, Scorers, cut_and_score, score_rows

Missing = Literal["refuse", "empty", "skip"]
MISSING = get_args(Missing)
SET = "results"
"""The set that the captions are in a score table."""
NAMED = 5


@dataclass(frozen=True)
class Evaluation:
    """Scores of a file.

    Attributes:
        metrics: ``{"scores": {metric: value}, "counts", "how", "missing": {metric: reason}}``, times 100.
        rows: those of the score table.
    """

    metrics: dict[str, Any]
    rows: list[dict[str, Any]]


def score_results(results: Path, references: Path, scorers: Scorers, missing: Missing = "refuse") -> Evaluation:
    """Score the captions of ``results`` against those of ``references``.

    Args:
        results: COCO results or COCO captions JSON, one caption an image.
        references: COCO captions JSON.
        scorers: how words are cut and what scores them.
        missing: what to do when images with references have no caption: ``refuse``; ``empty``: they count as empty
            captions; ``skip``: they are left out, and so the scores are of a smaller set of images.

    Raises:
        InputError: a file is not what it must be, or the images of the two are not the same.
    """
    expected = read_references(references)
    captions = read_results(results)
    _check_images(results, captions, references, expected, missing)
    absent = [key for key in expected if key not in captions]
    if missing == "skip":
        expected = {key: group for key, group in expected.items() if key in captions}
    sets, scored = cut_and_score({SET: CaptionSet(captions, expected, str(references))}, scorers)
    words, hypotheses = sets[SET]
    metrics = {
        "scores": scored[SET].corpus,
        "counts": {
            "images": len(expected),
            "references": sum(map(len, expected.values())),
            "images_without_caption": len(absent),
            "empty_captions": sum(not caption for caption in hypotheses.values()),
        },
        "how": {**scorers.how(words), "images_without_caption": missing},
        "missing": scored[SET].missing,
    }
    return Evaluation(metrics, score_rows(sets, scored))


def _check_images(
    results: Path, captions: Mapping[str, str], references: Path, expected: Collection[str], missing: Missing
) -> None:
    unknown = [key for key in captions if key not in expected]
    absent = [key for key in expected if key not in captions]
    wanted = f"a caption of each of the {len(expected)} images in {references}"
    if not captions:
        raise InputError(results, "no caption", wanted)
    if not unknown and (not absent or missing != "refuse"):
        return
    lists = {"captions of images without a reference": unknown, "images without a caption": absent}
    found = " and ".join(f"{len(keys)} {what} ({_named(keys)})" for what, keys in lists.items() if keys)
    remedy = "Give the references that these captions were made for"
    if not unknown:
        remedy += ", or score what is there by --missing empty (no caption scores 0) or --missing skip"
    raise InputError(results, found, wanted, f"{remedy}.")


def _named(keys: list[str]) -> str:
    return ", ".join(keys[:NAMED]) + (", …" if len(keys) > NAMED else "")
