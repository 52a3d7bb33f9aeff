"""CIDEr-D (Vedantam et al. 2015, sections 3 and 6): pycocoevalcap's numbers, n-grams counted once a reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from math import exp, log, sqrt

LONGEST = 4
SIGMA = 6.0  # of the Gaussian penalty on the difference in length
SCALE = 10.0

Gram = tuple[str, ...]
Words = Sequence[str]


def cider(references: Mapping[str, Sequence[Words]], hypotheses: Mapping[str, Words]) -> dict[str, float]:
    """CIDEr-D of each caption, in [0, 10].

    Args:
        references: id → at least one reference; an n-gram's document frequency is the images whose references have it.
        hypotheses: id → words, of the same ids, at least two: of one image every n-gram weighs nothing.
    """
    counted = {key: [_count(words) for words in references[key]] for key in hypotheses}
    frequency = Counter[Gram]()
    for group in counted.values():
        frequency.update(set().union(*group))
    unseen = log(len(counted))
    weight = {gram: unseen - log(images) for gram, images in frequency.items()}
    scores = {}
    for key, words in hypotheses.items():
        mine = _Vector(_count(words), weight, unseen)
        similar = [_similarity(mine, _Vector(counts, weight, unseen), weight) for counts in counted[key]]
        scores[key] = SCALE * sum(similar) / (LONGEST * len(similar))
    return scores


class _Vector:
    """A caption's n-grams, the norms by n of their weights (count times inverse document frequency), its length."""

    def __init__(self, counts: Counter[Gram], weight: Mapping[Gram, float], unseen: float) -> None:
        self.counts = counts
        squares = [0.0] * LONGEST
        # coco-caption measures a caption's length in bigrams, so captions of no and of one word are equally long.
        self.length = 0
        for gram, count in counts.items():
            n = len(gram)
            value = count * weight.get(gram, unseen)
            squares[n - 1] += value * value
            if n == 2:
                self.length += count
        self.norms = [sqrt(square) for square in squares]


def _similarity(caption: _Vector, reference: _Vector, weight: Mapping[Gram, float]) -> float:
    """Cosines summed over n, the caption's weights clipped at the reference's, times the penalty on length."""
    dots = [0.0] * LONGEST
    for gram, count in caption.counts.items():
        if gram in reference.counts:
            other = reference.counts[gram] * weight[gram]
            dots[len(gram) - 1] += min(count * weight[gram], other) * other
    norms = zip(caption.norms, reference.norms, strict=True)
    cosines = (dot / (mine * theirs) for dot, (mine, theirs) in zip(dots, norms, strict=True) if mine and theirs)
    return sum(cosines) * exp(-((caption.length - reference.length) ** 2) / (2 * SIGMA**2))


def _count(words: Words) -> Counter[Gram]:
    shifted = [words[start:] for start in range(LONGEST)]
    return Counter(chain.from_iterable(zip(*shifted[:n], strict=False) for n in range(1, LONGEST + 1)))
