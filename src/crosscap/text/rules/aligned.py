"""A rule that learns from the corpus itself which sides say the same."""

from __future__ import annotations

from itertools import islice

import numpy as np

from crosscap.text.alignment import LexicalModel, Words
from crosscap.text.rules.candidate import Setting
from crosscap.text.survivors import Mask, Survivors


def alignment(survivors: Survivors, alive: Mask, setting: Setting) -> Mask:
    """Drops pairs whose sides do not say the same: their score is below ``min``.

    Two models learn from the first ``sample`` pairs that are still in, each from half of the sentences; the other one
    scores.
    """
    parameters = setting.parameters.alignment
    halves: tuple[list[tuple[Words, Words]], list[tuple[Words, Words]]] = ([], [])
    half = _halves(survivors)
    for position, source, target in islice(survivors.words(alive), parameters.sample):
        halves[half[position]].append((source, target))
    models = [LexicalModel.train(pairs, parameters.iterations) for pairs in halves]
    refused = np.zeros(survivors.count, bool)
    for position, source, target in survivors.words(alive):
        refused[position] = models[1 - half[position]].score(source, target) < parameters.min
    return refused


def _halves(survivors: Survivors) -> bytearray:
    """0 or 1 for every pair, by its source sentence: the models never score a sentence that they have seen."""
    half = bytearray()
    for _, keys in survivors.keys.pieces():
        half += (keys & np.uint64(1)).astype(np.uint8).tobytes()
    return half
