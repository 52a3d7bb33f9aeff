"""Recall of scene graph detection: R@K and mR@K, with and without graph constraint.

The protocol is that of MOTIFS (Zellers et al. 2018, section 5; ``sg_eval.py`` of its code) and of
Scene-Graph-Benchmark (Tang et al. 2020; ``METRICS.md`` and ``sgg_eval.py`` of its code). What they do, and what is done
here:

* A triple is found when some predicted triple has its three labels, and both boxes overlap the gold ones by an
  intersection over union of at least 0.5. One prediction may find several gold triples, as when a thing is annotated
  twice; a gold triple counts once, however often it is predicted. Repeated predictions keep their places in the
  ranking. Both.
* The score of a triple is the product of both objects' scores and the predicate's probability; "no relation" takes
  part in the softmax and never in the ranking. Both.
* With graph constraint each ordered pair of objects gives its best predicate; without, all predicates of all pairs
  compete and the best 100 stay. Both.
* R@K: the share of gold triples among the first K predictions, a picture; mean over pictures. Both.
* Pictures without gold relations do not count. Both (MOTIFS drops them from its data, the benchmark skips them).
* Pictures with gold relations for which no triple was predicted count 0, as in MOTIFS. The benchmark leaves them out,
  which makes a detector that finds nothing look better.
* Gold triples that are annotated twice count twice. Both: repetitions are dropped from training data alone.
* mR@K: a predicate's recall is the mean over the pictures that have it in gold, of its share found there; mR is the
  mean over predicates. So does the benchmark's code; pooling hits and gold over pictures first, as texts about mR
  often put it, is not what it does. MOTIFS has no mR.
* Predicates that no gold triple of the split has are left out of mR. The benchmark counts them 0; on VG150, where the
  test split has all 50, that is the same. Those that are never found count 0. Both.
* Boxes are continuous: a box from 2 to 5 is 3 wide. Both others count pixels, 4 there.
* Of equal scores the earlier pair stands first, then the earlier predicate. Theirs depends on the sort at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscap.vision.detectors.detection import overlap

COUNTS = (20, 50, 100)
HIT = 0.5
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Truth:
    """What is annotated in one picture.

    Attributes:
        boxes: [N, 4] float32, ``x0, y0, x1, y1``.
        labels: [N] int64.
        relations: [M, 3] int64, ``(subject row, predicate, object row)``; a row may be there twice.
    """

    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    relations: NDArray[np.int64]


@dataclass(frozen=True)
class Ranked:
    """What is predicted for one picture.

    Attributes:
        boxes: [N, 4] float32; labels: [N] int64, numbered as the gold ones are.
        triplets: [K, 3] int64, ``(subject row, predicate, object row)``, best first.
        triplet_scores: [K] float32, never rising.
    """

    boxes: NDArray[np.float32]
    labels: NDArray[np.int64]
    triplets: NDArray[np.int64]
    triplet_scores: NDArray[np.float32]


def rank_triplets(
    boxes: NDArray[np.float32],
    labels: NDArray[np.int64],
    scores: NDArray[np.float32],
    pairs: NDArray[np.int64],
    predicates: NDArray[np.float32],
    constraint: bool,
    count: int = max(COUNTS),
) -> Ranked:
    """The ``count`` best triples of one picture.

    Args:
        boxes: [N, 4]; labels: [N]; scores: [N] of the objects, 1 for gold ones.
        pairs: [R, 2] rows of subject and object.
        predicates: [R, P] their probabilities, without "no relation".
        constraint: only the best predicate of each pair takes part.
    """
    size = predicates.shape[1]
    values = (predicates * scores[pairs].prod(1, keepdims=True)).ravel()
    candidates = np.arange(values.size)
    if constraint and values.size:
        candidates = np.arange(len(pairs)) * size + predicates.argmax(1)
    if len(candidates) > count:  # what cannot be among the best need not be sorted
        lowest = np.partition(values[candidates], -count)[-count]
        candidates = candidates[values[candidates] >= lowest]
    best = candidates[np.argsort(-values[candidates], kind="stable")[:count]]
    rows, columns = np.divmod(best, max(size, 1))
    triplets = np.stack([pairs[rows, 0], columns, pairs[rows, 1]], 1).astype(np.int64)
    return Ranked(boxes, labels, triplets, values[best].astype(np.float32))


def found_at(truth: Truth, ranked: Ranked) -> NDArray[np.int64]:
    """[M]: the place, from 0, of the first triple that finds each gold relation; `NEVER` where none does."""
    same = (ranked.labels[:, None] == truth.labels[None, :]) & (overlap(ranked.boxes, truth.boxes) >= HIT)
    subject, predicate, other = (column[:, None] for column in ranked.triplets.T)
    gold_subject, gold_predicate, gold_other = truth.relations.T
    hits = (predicate == gold_predicate) & same[subject, gold_subject] & same[other, gold_other]
    if not len(hits):
        return np.full(len(truth.relations), NEVER)
    return np.where(hits.any(0), hits.argmax(0), NEVER)


@dataclass(frozen=True)
class PictureRecalls:
    """What every picture that has gold relations adds to R@K and mR@K.

    Attributes:
        shares: [N, C] of its gold relations, those found among the first K predictions, for each of C values of K.
        occurs: [N, P] 1 where a predicate is in its gold, 0 elsewhere; predicates that no picture has are left out.
        found: [N, P, C] the same shares of the predicate's gold relations alone; 0 where it does not occur.
    """

    shares: NDArray[np.float64]
    occurs: NDArray[np.float64]
    found: NDArray[np.float64]


def picture_recalls(
    truths: Sequence[Truth], ranked: Sequence[Ranked], counts: Sequence[int] = COUNTS
) -> PictureRecalls:
    """Picture by picture, in their order."""
    places = [found_at(truth, some) for truth, some in zip(truths, ranked, strict=True)]
    place = np.concatenate([np.zeros(0, np.int64), *places])
    predicate = np.concatenate([np.zeros(0, np.int64), *(truth.relations[:, 1] for truth in truths)])
    _, picture = np.unique(np.repeat(np.arange(len(truths)), [len(some) for some in places]), return_inverse=True)
    names, kind = np.unique(predicate, return_inverse=True)
    shape = (picture.max(initial=-1) + 1, len(names))
    gold, hits = np.zeros(shape), np.zeros((*shape, len(counts)))
    np.add.at(gold, (picture, kind), 1)
    np.add.at(hits, (picture, kind), place[:, None] < np.array(counts))
    shares = hits.sum(1) / gold.sum(1)[:, None]
    return PictureRecalls(shares, (gold > 0).astype(float), hits / np.maximum(gold, 1)[..., None])


def scene_graph_recall(
    truths: Sequence[Truth], ranked: Sequence[Ranked], counts: Sequence[int] = COUNTS
) -> dict[str, float | None]:
    """``R@K`` and ``mR@K`` in [0, 1] for every K of ``counts``; None when no picture has a gold relation."""
    recalls = picture_recalls(truths, ranked, counts)
    if not len(recalls.shares):
        return {f"{name}@{count}": None for name in ("R", "mR") for count in counts}
    of_predicates = recalls.found.sum(0) / recalls.occurs.sum(0)[:, None]
    means = {"R": recalls.shares.mean(0), "mR": of_predicates.mean(0)}
    return {f"{name}@{count}": float(mean[row]) for name, mean in means.items() for row, count in enumerate(counts)}
