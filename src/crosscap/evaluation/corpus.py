"""Everything that `evaluate` reports about one system: captions with and without phase 2, shuffled, and text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pyarrow as pa

from crosscap.config.evaluation import Policy
from crosscap.errors import InputError
from crosscap.evaluation.java import JavaMissing
from crosscap.evaluation.meteor import HOW, Meteor, paraphrases_matter
from crosscap.evaluation.scores import METRICS, Scores, library_versions, score, shuffled
from crosscap.evaluation.segmentation import describe, segment

SCHEMA = pa.schema(
    [("set", pa.string()), ("id", pa.string()), ("caption", pa.string())]
    + [(metric, pa.float64()) for metric in METRICS]
)
# Of one set: id → references, id → hypothesis, as words.
Segmented = tuple[dict[str, list[list[str]]], dict[str, list[str]]]


@dataclass(frozen=True)
class CaptionSet:
    """Generated captions and what people wrote: id → caption, id → references, and the file these came from."""

    hypotheses: Mapping[str, str]
    references: Mapping[str, list[str]]
    source: str


def evaluate_sets(
    captions: Mapping[str, CaptionSet], text: CaptionSet, policy: Policy, language: str, timeout: float, seed: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Score every set with one METEOR process, which loads while the other metrics are computed.

    Args:
        captions: ``with_phase2``, ``without_phase2``, and ``gold_graphs`` where the images are annotated. An image
            without a caption counts as an empty caption.
        text: phase 1 on held-out pairs; only pairs that have a hypothesis are scored.
        policy: how both sides are cut into words.
        language: ISO 639-1 code.
        timeout: seconds for one METEOR answer.
        seed: of the derangement that shuffles captions between images.

    Returns:
        The metrics JSON (without the label of the image graphs), and a row a caption in `SCHEMA`.
    """
    prepared = {name: _segmented(group, policy, language) for name, group in captions.items()}
    held_out = {key: text.references[key] for key in text.hypotheses}
    prepared_text = _segmented(CaptionSet(text.hypotheses, held_out, text.source), policy, language)
    order = {**prepared, "text": prepared_text}
    with _MeteorOrReason(timeout, paraphrases_matter(_words(order.values()))) as meteor:
        references, hypotheses = prepared["with_phase2"]
        derangement = shuffled(hypotheses, seed)
        # METEOR last: it loads while the others count.
        plain = {name: score(*group, "", [m for m in METRICS if m != "METEOR"]) for name, group in order.items()}
        baseline = score(references, derangement, "", ["CIDEr"])
        scored = {name: _merge(plain[name], score(*order[name], meteor.value, ["METEOR"])) for name in order}
    missing = {metric: reason for name in reversed(order) for metric, reason in scored[name].missing.items()}
    metrics: dict[str, Any] = {
        "captions": {**{name: scored[name].corpus for name in captions}, "shuffled": baseline.corpus},
        "text": scored["text"].corpus,
        "counts": {
            "images": len(references),
            "images_without_caption": sum(not words for words in hypotheses.values()),
            "text_pairs": len(text.hypotheses),
        },
        "how": {
            "libraries": library_versions(),
            "meteor": HOW,
            "segmentation": f"{describe(policy)} on both sides, lowercased, punctuation dropped",
            "scale": "times 100",
        },
        "missing": missing,
    }
    rows = [
        {"set": name, "id": key, "caption": " ".join(words)} | {m: scored[name].captions[m].get(key) for m in METRICS}
        for name, (_, group) in order.items()
        for key, words in group.items()
    ]
    return metrics, rows


def _words(groups: Iterable[Segmented]) -> Iterator[str]:
    for references, hypotheses in groups:
        for captions in references.values():
            yield from chain.from_iterable(captions)
        yield from chain.from_iterable(hypotheses.values())


def _segmented(group: CaptionSet, policy: Policy, language: str) -> Segmented:
    """Words of references and hypotheses, in the order of the references; one call, so that a tool starts once.

    Raises:
        InputError: a caption has no reference with a word in it.
    """
    keys = list(group.references)
    flat = [caption for key in keys for caption in group.references[key]]
    words = segment([*flat, *(group.hypotheses.get(key, "") for key in keys)], policy, language)
    stream = iter(words)
    references = {key: [next(stream) for _ in group.references[key]] for key in keys}
    for key, captions in references.items():
        if not any(captions):
            expected = f"a reference with a word in it (cut by {policy!r})"
            raise InputError(group.source, repr(group.references[key])[:80], expected, record=f"id {key}")
    return references, dict(zip(keys, stream, strict=True))


def _merge(first: Scores, second: Scores) -> Scores:
    return Scores(
        {**first.corpus, **second.corpus}, {**first.captions, **second.captions}, {**first.missing, **second.missing}
    )


class _MeteorOrReason:
    """A METEOR process for a block, or the reason why there is none."""

    def __init__(self, timeout: float, paraphrases: bool) -> None:
        self.value: Meteor | str
        try:
            self.value = Meteor(timeout, paraphrases=paraphrases)
        except JavaMissing as error:
            self.value = str(error)

    def __enter__(self) -> _MeteorOrReason:
        return self

    def __exit__(self, *_: object) -> None:
        if not isinstance(self.value, str):
            self.value.close()
