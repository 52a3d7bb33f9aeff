"""Everything that `evaluate` reports about one system: captions with and without phase 2, shuffled, and text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosscap.evaluation.scores import score, shuffled
from crosscap.evaluation.sets import CaptionSet, Scorers, cut_and_score, score_rows


def evaluate_sets(
    captions: Mapping[str, CaptionSet], text: CaptionSet, scorers: Scorers, seed: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Score every set of a system.

    Args:
        captions: ``with_phase2``, ``without_phase2``, and ``gold_graphs`` where the images are annotated. An image
            without a caption counts as an empty caption.
        text: phase 1 on held-out pairs; only pairs that have a hypothesis are scored.
        scorers: how words are cut and what scores them.
        seed: of the derangement that shuffles captions between images.

    Returns:
        The metrics JSON (without the label of the image graphs), and the rows of the score table.
    """
    held_out = {key: text.references[key] for key in text.hypotheses}
    groups = {**captions, "text": CaptionSet(text.hypotheses, held_out, text.source)}
    sets, scored = cut_and_score(groups, scorers)
    references, hypotheses = sets["with_phase2"]
    baseline = score(references, shuffled(hypotheses, seed), "", ["CIDEr"])
    metrics: dict[str, Any] = {
        "captions": {**{name: scored[name].corpus for name in captions}, "shuffled": baseline.corpus},
        "text": scored["text"].corpus,
        "counts": {
            "images": len(references),
            "images_without_caption": sum(not words for words in hypotheses.values()),
            "text_pairs": len(text.hypotheses),
        },
        "how": scorers.how(references),
        # The first set's reason stands where several have one.
        "missing": {metric: reason for name in reversed(sets) for metric, reason in scored[name].missing.items()},
    }
    return metrics, score_rows(sets, scored)
