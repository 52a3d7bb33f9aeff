"""What sets of captions say: diversity, hallucinated objects and β of each set, and the same of every caption."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from crosscap.evaluation.diversity import diversity, is_new
from crosscap.evaluation.glossary import Glossary
from crosscap.evaluation.hallucination import ObjectFinder, chair
from crosscap.significance.stage_intervals import Counts, share
from crosscap.significance.stage_intervals import mean as mean_of

SETS = ("with_phase2", "without_phase2", "gold_graphs")
"""The sets of captions of test images."""

SCORES = ("distinct-1", "distinct-2", "vocabulary", "mean_length", "novel_sentences", "CHAIR_i", "CHAIR_s", "beta_G")
"""What `describe_captions` says of a set."""

CONTENT = pa.schema(
    [
        ("set", pa.string()),
        ("id", pa.string()),
        ("caption", pa.string()),  # as it was written, words joined by spaces
        ("words", pa.list_(pa.string())),  # as they are scored, without punctuation
        ("gloss", pa.list_(pa.string())),  # of each of them, see `Glossary.gloss`
        ("CHAIR objects", pa.list_(pa.string())),  # hallucinated ones; null where the image cannot be judged
        ("english", pa.list_(pa.string())),  # words of the back-translation; null without a translator
        ("beta_G", pa.float64()),
    ]
)
TREES = pa.schema([("set", pa.string()), ("id", pa.string()), ("beta_C", pa.float64())])


@dataclass(frozen=True)
class Told:
    """A caption: as it was ``written``, and its ``words`` as they are scored."""

    written: str
    words: list[str]


@dataclass(frozen=True)
class Knowledge:
    """What captions are compared with.

    Attributes:
        glossary, finder: of the captions' language.
        shown: the objects of each image.
        training: captions that are training sentences, see `known_sentences`.
        english: of each written caption the words of its translation; None without a translator.
        beta: β_G by set and image.
    """

    glossary: Glossary
    finder: ObjectFinder
    shown: Mapping[str, set[str]]
    training: set[str]
    english: Mapping[str, Sequence[str]] | None
    beta: Mapping[str, Mapping[str, float]]


def describe_captions(
    captions: Mapping[str, Mapping[str, Told]], known: Knowledge
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """``SCORES`` of each set with the reasons for null ones and the number of images judged, and rows of `CONTENT`."""
    scores: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    judged = 0
    for name, group in captions.items():
        mentions = {image: known.finder.mentions(caption.words) for image, caption in group.items()}
        counts, beta = chair(mentions, known.shown), known.beta.get(name, {})
        judged = max(judged, counts.captions)
        varied = diversity([caption.words for caption in group.values()], known.training)
        scores[name] = {**varied, **counts.scores(), "beta_G": mean(list(beta.values()))}
        rows += (
            {
                "set": name,
                "id": image,
                "caption": caption.written,
                "words": caption.words,
                "gloss": known.glossary.gloss(caption.words),
                "CHAIR objects": counts.of.get(image),
                "english": None if known.english is None else list(known.english[caption.written]),
                "beta_G": beta.get(image),
            }
            for image, caption in group.items()
        )
    missing = _reasons(scores, judged, known.english is not None)
    return {"captions": scores, "counts": {"images_judged": judged}, "missing": missing}, rows


def caption_counts(rows: Iterable[Mapping[str, Any]], known: Knowledge) -> dict[str, Counts]:
    """Of each set what its scores over captions are computed from, for their intervals.

    Distinct n-grams and the vocabulary have none: captions that are drawn twice bring no new word, so that every
    resample has fewer than the captions themselves.

    Args:
        rows: of `CONTENT`.
    """
    numbers: dict[str, list[tuple[float, ...]]] = {}
    for row in rows:
        wrong, beta = row["CHAIR objects"], row["beta_G"]
        named = 0 if wrong is None else len(known.finder.mentions(row["words"]))
        chair_numbers = (len(wrong or ()), named, bool(wrong), wrong is not None)
        beta_numbers = (beta or 0.0, beta is not None)
        lengths = (len(row["words"]), is_new(row["words"], known.training), 1)
        numbers.setdefault(row["set"], []).append((*chair_numbers, *beta_numbers, *lengths))
    scores = {"CHAIR_i": share(0, 1), "CHAIR_s": share(2, 3), "beta_G": mean_of(4, 5), "mean_length": mean_of(6, 8),
              "novel_sentences": share(7, 8)}  # fmt: skip
    return {name: Counts(np.array(values, np.float64), scores) for name, values in numbers.items()}


def mean(values: Sequence[float]) -> float | None:
    """None of no value."""
    return round(sum(values) / len(values), 4) if values else None


def _reasons(scores: Mapping[str, Mapping[str, Any]], judged: int, translated: bool) -> dict[str, str]:
    found = {}
    if not judged:
        found["CHAIR_s"] = "neither gold graphs nor references name an object that the word lists know"
    if any(values["CHAIR_i"] is None for values in scores.values()):
        found["CHAIR_i"] = found.get("CHAIR_s", "no caption names an object that the word lists know")
    if not translated:
        found["beta_G"] = "no translator into the language of the graphs (translator.backend: none)"
    elif any(values["beta_G"] is None for values in scores.values()):
        found["beta_G"] = "no test image has a graph"
    return found
