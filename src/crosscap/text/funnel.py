"""How many pairs are left after each rule, in order, and a few of those that each dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from crosscap.text.survivors import Numbers

EXAMPLES = 5
Example = dict[str, str]


class Funnel:
    """Counts and examples by rule.

    The examples are those with the lowest hashes: picked from all over the corpus, and the same ones each time.
    """

    def __init__(self, rules: Sequence[str]) -> None:
        self.pairs = 0
        self._dropped = dict.fromkeys(rules, 0)
        self._examples: dict[str, dict[int, Example]] = {rule: {} for rule in rules}

    def drop(self, rule: str, hashes: Numbers, example: Callable[[int], Example]) -> None:
        """Count pairs that ``rule`` dropped.

        Args:
            hashes: one a pair.
            example: the n-th of them.
        """
        self._dropped[rule] += len(hashes)
        lowest, places = np.unique(hashes, return_index=True)  # equal texts are one example
        chosen = zip(lowest[:EXAMPLES].tolist(), places[:EXAMPLES].tolist(), strict=True)
        known = self._examples[rule]
        limit = max(known) if len(known) == EXAMPLES else None
        known.update(
            (value, example(n)) for value, n in chosen if value not in known and (limit is None or value < limit)
        )
        self._examples[rule] = dict(sorted(known.items(), key=lambda entry: entry[0])[:EXAMPLES])

    @property
    def hardest(self) -> str:
        """The rule that dropped most."""
        return max(self._dropped, key=lambda rule: self._dropped[rule], default="none")

    def as_json(self, splits: Mapping[str, int]) -> dict[str, Any]:
        """``{"pairs": all, "kept", "rules": [{"rule", "dropped", "left", "examples"}], "splits": {"train": …}}``"""
        left, rows = self.pairs, []
        for rule, dropped in self._dropped.items():
            left -= dropped
            examples = list(self._examples[rule].values())
            rows.append({"rule": rule, "dropped": dropped, "left": left, "examples": examples})
        return {"pairs": self.pairs, "kept": left, "rules": rows, "splits": dict(splits)}
