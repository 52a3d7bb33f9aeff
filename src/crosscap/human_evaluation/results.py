"""From ratings to results: means with intervals, differences of systems, agreement of raters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from crosscap.human_evaluation.agreement import krippendorff_alpha
from crosscap.human_evaluation.ratings import Rating, Returned
from crosscap.human_evaluation.study import SET, Study
from crosscap.significance.comparison import compare
from crosscap.significance.corpus_scores import mean_score
from crosscap.significance.resampling import Resampling, Scores, bootstrap_scores, holm, interval
from crosscap.significance.scored_set import Measure, ScoredSet

DIGITS = 4


def judged(study: Study, returned: Returned, plan: Resampling) -> dict[str, Any]:
    """All results, as JSON holds them::

        {"study", "scale", "language", "settings": {"samples", "confidence", "seed"}, "raters", "images",
         "missing": {rater: ratings},
         "means": {system: {quality: {"mean", "low", "high", "ratings", "units"}}},
         "agreement": {quality: {"ordinal", "interval", "items"}}, "by_rater": {rater: {quality: mean}},
         "differences": [{"first", "second", "quality", "difference", "low", "high", "p", "p_holm", "units"}],
         "units": {quality: "images" or "sets"}}

    Units are what is resampled: images, or sets of images that were rated together; raters stay as they are, so
    intervals say what other images would have given with these raters. A mean is that of all ratings of the units
    of which every system has a rating. ``p`` is that of approximate randomisation, ``p_holm`` is adjusted for the
    number of all differences. What is not defined is null.
    """
    means: dict[str, dict[str, Any]] = {system: {} for system, _ in study.systems}
    differences: list[dict[str, Any]] = []
    for quality in study.qualities:
        sets = _by_system(study, [rating for rating in returned.ratings if rating.quality == quality], quality)
        several = len(sets[0].ids) > 1
        drawn = bootstrap_scores(sets, plan) if several else []
        for place, scored in enumerate(sets):
            low, high = interval(drawn[place][quality], plan.confidence) if several else (None, None)
            total, count = scored.numbers.sum(axis=0)
            means[scored.name][quality] = {
                "mean": _rounded(total / count if count else None),
                "low": _rounded(low),
                "high": _rounded(high),
                "ratings": int(count),
                "units": len(scored.ids),
            }
        differences += _differences(quality, sets, drawn, plan) if several else []
    adjusted = holm([row["p"] for row in differences])
    return {
        "study": study.code,
        "scale": study.scale,
        "language": study.language,
        "settings": {"samples": plan.samples, "confidence": plan.confidence, "seed": plan.seed},
        "raters": len({rating.rater for rating in returned.ratings}),
        "images": len({image for rating in returned.ratings for image in study.items[rating.item].images}),
        "missing": dict(returned.missing),
        "means": means,
        "agreement": {quality: _agreement(quality, returned.ratings) for quality in study.qualities},
        "units": {quality: _units(study, quality) for quality in study.qualities},
        "by_rater": _by_rater(study, returned.ratings),
        "differences": [{**row, "p_holm": p} for row, p in zip(differences, adjusted, strict=True)],
    }


def _by_system(study: Study, ratings: Sequence[Rating], quality: str) -> list[ScoredSet]:
    """Of each system the sum and the number of ratings of every unit, [N, 2]."""
    sums: dict[str, dict[str, list[int]]] = {system: {} for system, _ in study.systems}
    for rating in ratings:
        item = study.items[rating.item]
        for system in item.systems:
            sums[system].setdefault(" ".join(item.images), []).append(rating.value)
    units = sorted(set.intersection(*(set(values) for values in sums.values())))
    measures = {quality: Measure(slice(0, 2), mean_score)}
    sets = []
    for system, values in sums.items():
        numbers = np.array([(sum(values[unit]), len(values[unit])) for unit in units], float).reshape(-1, 2)
        sets.append(ScoredSet(system, tuple(units), (), {}, numbers, measures, {}))
    return sets


def _units(study: Study, quality: str) -> str:
    of_sets = any(quality in item.qualities and name.startswith(SET) for name, item in study.items.items())
    return "sets" if of_sets else "images"


def _differences(
    quality: str, sets: Sequence[ScoredSet], drawn: Sequence[Scores], plan: Resampling
) -> list[dict[str, Any]]:
    pairs = list(combinations(sets, 2))
    resampled = list(combinations(drawn, 2))
    return [
        {
            "first": first.name,
            "second": second.name,
            "quality": quality,
            "difference": _rounded(found.difference),
            "low": _rounded(found.low),
            "high": _rounded(found.high),
            "p": found.p_randomisation,
            "units": len(first.ids),
        }
        for (first, second), (found,) in zip(pairs, compare(pairs, resampled, plan), strict=True)
    ]


def _agreement(quality: str, ratings: Sequence[Rating]) -> dict[str, Any]:
    given = {(r.rater, r.item): r.value for r in ratings if r.quality == quality}
    raters, items = (sorted({key[part] for key in given}) for part in (0, 1))
    table = np.array([[given.get((rater, item), np.nan) for item in items] for rater in raters], float)
    table = table.reshape(len(raters), len(items))
    return {
        "ordinal": _rounded(krippendorff_alpha(table, "ordinal")),
        "interval": _rounded(krippendorff_alpha(table, "interval")),
        "items": int(((~np.isnan(table)).sum(axis=0) > 1).sum()),
    }


def _by_rater(study: Study, ratings: Sequence[Rating]) -> Mapping[str, Mapping[str, float | None]]:
    values: dict[tuple[str, str], list[int]] = {}
    for rating in ratings:
        values.setdefault((rating.rater, rating.quality), []).append(rating.value)
    return {
        rater: {
            quality: _rounded(float(np.mean(values[rater, quality]))) if (rater, quality) in values else None
            for quality in study.qualities
        }
        for rater in study.raters
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), DIGITS)
