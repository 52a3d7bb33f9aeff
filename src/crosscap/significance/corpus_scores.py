"""Corpus scores as functions of sums over captions, so that a resample is scored by one matrix product.

Each metric here is a function of the sum, over the captions of a set, of a few numbers a caption has for itself. S
resamples of N captions with K numbers each are then ``weights [S, N] @ numbers [N, K]`` and the function of the
result, with no loop over captions.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# [S, K] sums over captions → [S] scores times 100.
Combination = Callable[[Floats], Floats]

BLEU_NUMBERS = 10
METEOR_NUMBERS = 23
# Parameters of METEOR 1.5's default task for English (Denkowski and Lavie 2014, table 3), which `-l en` chooses: what
# precision weighs against recall, the exponent and weight of the fragmentation penalty, what content words weigh
# against function words, and what exact, stem, synonym and paraphrase matches weigh.
ALPHA, BETA, GAMMA, DELTA = 0.85, 0.2, 0.6, 0.75
MATCHERS = (1.0, 0.6, 0.8, 0.6)
# pycocoevalcap's own guards against division by 0, so that the scores are its scores.
SMALL, TINY = 1e-9, 1e-15


def mean_score(sums: Floats) -> Floats:
    """The mean of captions' scores; columns: sum of the scores, number of captions."""
    return sums[:, 0] / sums[:, 1]


def bleu(order: int) -> Combination:
    """BLEU of n-grams up to ``order`` (Papineni et al. 2002), with the brevity penalty of the whole set.

    Columns: words of the captions, words of the closest references, matched n-grams (n = 1..4), all n-grams (n = 1..4).
    """

    def combined(sums: Floats) -> Floats:
        precisions = (sums[:, 2 : 2 + order] + TINY) / (sums[:, 6 : 6 + order] + SMALL)
        ratio = (sums[:, 0] + TINY) / (sums[:, 1] + SMALL)
        penalty = np.exp(np.minimum(0.0, 1 - 1 / ratio))
        return np.asarray(100 * penalty * precisions.prod(1) ** (1 / order), np.float64)

    return combined


def meteor(sums: Floats) -> Floats:
    """METEOR 1.5 as its EVAL command computes it (Denkowski and Lavie 2014, section 2); columns: `meteor_numbers`."""
    words, function_words = sums[:, 0:2], sums[:, 2:4]  # caption, reference
    matches = sums[:, 4:20].reshape(-1, len(MATCHERS), 2, 2)  # [S, matcher, content or function, caption or reference]
    chunks, matched = sums[:, 20], sums[:, 21:23]
    kinds = np.array([DELTA, 1 - DELTA])
    weighted = np.einsum("smkt,m,k->st", matches, np.array(MATCHERS), kinds)
    length = DELTA * (words - function_words) + (1 - DELTA) * function_words
    precision, recall = _ratio(weighted, length).T
    harmonic = _ratio(precision * recall, ALPHA * precision + (1 - ALPHA) * recall)
    fragmentation = _ratio(chunks, matched.mean(1))
    return np.asarray(100 * harmonic * (1 - GAMMA * fragmentation**BETA), np.float64)


def meteor_numbers(statistics: Floats) -> Floats:
    """METEOR's answers to SCORE as what its corpus score sums, [N, 23].

    In the order of the answers: words and function words of caption and reference (4), of each matcher the matched
    content and function words of both (4 × 4), chunks, matched words of both. A caption that is its reference is one
    chunk and not punished for it: METEOR counts no chunk for it, in sums neither.
    """
    words, chunks, matched = statistics[:, 0:2], statistics[:, 20], statistics[:, 21:23]
    numbers = statistics.copy()
    numbers[(matched == words).all(1) & (chunks == 1), 20] = 0
    return numbers


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
