"""Weights are chosen by what a model says of validation graphs, scored against what people wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch

from crosscap.errors import InputError
from crosscap.evaluation.scores import score
from crosscap.systems.unison.examples import Example
from crosscap.systems.unison.model import Side, Unison
from crosscap.systems.unison.nodes import NodeTable
from crosscap.text.vocabulary import Vocabulary

METRICS = {"val_cider": "CIDEr", "val_bleu4": "BLEU-4"}
"""Scores that need captions, and pycocoevalcap's names of them; higher is better, others are losses."""

Words = Sequence[str]


def better(score_name: str) -> Literal["lower", "higher"]:
    """Which direction of a validation score is better."""
    return "higher" if score_name in METRICS else "lower"


def caption_score(name: str, captions: Sequence[Words], references: Sequence[Sequence[Words]]) -> float:
    """The corpus score ``name`` of `METRICS`, times 100.

    Args:
        references: those of each caption; their order is the captions'.

    Raises:
        InputError: fewer than two captions, of which CIDEr says nothing.
    """
    metric = METRICS[name]
    numbered = {str(number): caption for number, caption in enumerate(captions)}
    against = {str(number): group for number, group in enumerate(references)}
    scores = score(against, numbered, "not asked for", [metric])
    found = scores.corpus[metric]
    if found is None:
        raise _too_few(scores.missing[metric], metric)
    return found


def require_captions(name: str, count: int) -> None:
    """Refuse to choose by a score that ``count`` captions cannot have, before hours of training end in that error.

    Raises:
        InputError: as `caption_score`.
    """
    if METRICS.get(name) == "CIDEr" and count < 2:
        raise _too_few(f"{count} to validate on", "CIDEr")


def _too_few(found: str, metric: str) -> InputError:
    return InputError(
        "params.yaml", found, f"at least two captions to choose by {metric}",
        "Choose by a validation loss instead, or add validation examples.",
    )  # fmt: skip


@torch.no_grad()
def sentence_score(
    name: str, model: Unison, side: Side, table: NodeTable, data: Sequence[Example], max_words: int, batch_size: int
) -> float:
    """The score of greedy sentences from the graphs of ``data`` against the sentences of language ``side``."""
    model.eval()
    encode, speaker = {"source": (model.encode_source, model.source), "target": (model.encode_target, model.target)}[
        side
    ]
    vocabulary = Vocabulary(getattr(model.config, f"{side}_words"))
    captions: list[Words] = []
    for start in range(0, len(data), batch_size):
        graphs = table.pack([example.graph for example in data[start : start + batch_size]])
        captions += [vocabulary.decode(said.tokens) for said in speaker.sentences(encode(table, graphs), 1, max_words)]
    return caption_score(name, captions, [[vocabulary.decode(getattr(example, side))] for example in data])
