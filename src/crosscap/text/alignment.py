"""Do the sides of a pair say the same? A lexical model learnt from the corpus itself answers.

IBM model 1 (Brown et al. 1993) gives ``p(target word | source word)``. A pair's score is how much better the source
explains the target's words than their plain frequencies do, in nats a word, by a model that has not seen the pair:
one that has would have learnt a wrong alignment's rare words by heart. A wrong alignment scores below 0.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

Words = Sequence[str]
_TRUST = 0.9  # weight of the lexical model; the rest is the word's frequency, so one odd word costs 2.3 nats at most


class LexicalModel:
    """``p(target word | source word)`` and the target words' frequencies."""

    def __init__(self, table: dict[str, dict[str, float]], frequency: dict[str, float]) -> None:
        self._table, self._frequency = table, frequency

    @classmethod
    def train(cls, pairs: Sequence[tuple[Words, Words]], iterations: int) -> LexicalModel:
        """Expectation maximisation over ``pairs`` of words, from uniform probabilities."""
        counts = Counter(word for _, target in pairs for word in target)
        total = sum(counts.values()) or 1
        frequency = {word: count / total for word, count in counts.items()}
        table: dict[str, dict[str, float]] = {}
        for _ in range(iterations):
            expected: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
            for source, target in pairs:
                rows = [(expected[word], table.get(word, {})) for word in source]
                for word in target:
                    weights = [row.get(word, 0.0) for _, row in rows] if table else [1.0] * len(rows)
                    share = sum(weights)
                    for (counts_row, _), weight in zip(rows, weights, strict=True):
                        counts_row[word] += weight / share if share else 1 / len(rows)
            table = {word: _normalised(row) for word, row in expected.items()}
        return cls(table, frequency)

    def best(self) -> dict[str, tuple[str, float]]:
        """Each source word's most probable target word and its probability; of equals the first by code point."""
        return {word: min(row.items(), key=lambda entry: (-entry[1], entry[0])) for word, row in self._table.items()}

    def score(self, source: Words, target: Words) -> float:
        """Mean of ``log p(word | source) - log p(word)`` over the known words; the lowest score without any."""
        rows = [self._table[word] for word in source if word in self._table]
        known = [word for word in target if word in self._frequency]
        if not known:
            return math.log(1 - _TRUST)
        gains = []
        for word in known:
            explained = sum(row.get(word, 0.0) for row in rows) / max(len(rows), 1)
            gains.append(math.log(_TRUST * explained / self._frequency[word] + 1 - _TRUST))
        return sum(gains) / len(gains)


def _normalised(row: dict[str, float]) -> dict[str, float]:
    total = sum(row.values())
    # Entries below this change no decision and would fill the memory on a large corpus.
    return {word: value / total for word, value in row.items() if value > 1e-4 * total}
