"""Recall of scene graphs written down as the protocol says it, triple by triple; slow on purpose."""

from __future__ import annotations

from statistics import fmean

Box = tuple[float, float, float, float]
Triple = tuple[int, int, int]


def intersection_over_union(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def ranking(
    scores: list[float], pairs: list[tuple[int, int]], predicates: list[list[float]], constraint: bool
) -> list[Triple]:
    """The 100 best triples, best first; of equals the one that was written first."""
    candidates: list[tuple[float, Triple]] = []
    for (subject, other), probabilities in zip(pairs, predicates, strict=True):
        chosen = list(enumerate(probabilities))
        if constraint:
            chosen = [max(chosen, key=lambda entry: entry[1])] if chosen else []
        for predicate, probability in chosen:
            candidates.append((probability * (scores[subject] * scores[other]), (subject, predicate, other)))
    candidates.sort(key=lambda candidate: -candidate[0])
    return [triple for _, triple in candidates[:100]]


def is_found(
    gold: Triple,
    gold_boxes: list[Box],
    gold_labels: list[int],
    ranked: list[Triple],
    boxes: list[Box],
    labels: list[int],
) -> bool:
    for subject, predicate, other in ranked:
        if predicate != gold[1]:
            continue
        ends = [(subject, gold[0]), (other, gold[2])]
        if all(
            labels[row] == gold_labels[gold_row] and intersection_over_union(boxes[row], gold_boxes[gold_row]) >= 0.5
            for row, gold_row in ends
        ):
            return True
    return False


def recall(found: list[list[tuple[int, bool]]]) -> tuple[float | None, float | None]:
    """R and mR of ``(predicate, whether found)`` for each gold triple of each picture."""
    pictures = [hits for hits in found if hits]
    if not pictures:
        return None, None
    by_predicate: dict[int, list[float]] = {}
    for hits in pictures:
        for predicate in {predicate for predicate, _ in hits}:
            own = [hit for other, hit in hits if other == predicate]
            by_predicate.setdefault(predicate, []).append(sum(own) / len(own))
    plain = fmean(sum(hit for _, hit in hits) / len(hits) for hits in pictures)
    return plain, fmean(fmean(values) for values in by_predicate.values())
