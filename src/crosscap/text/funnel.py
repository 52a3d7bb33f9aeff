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
        self._examples: dict[str, list[tuple[int, Example]]] = {rule: [] for rule in rules}

    def drop(self, rule: str, hashes: Numbers, example: Callable[[int], Example]) -> None:
        """Count pairs that ``rule`` dropped.

        Args:
            hashes: one a pair.
            example: the n-th of them.
        """
        self._dropped[rule] += len(hashes)
        lowest = np.argsort(hashes, kind="stable")[:EXAMPLES].tolist()
        examples = self._examples[rule]
        limit = examples[-1][0] if len(examples) == EXAMPLES else None
        found = [(int(hashes[n]), example(n)) for n in lowest if limit is None or int(hashes[n]) < limit]
        self._examples[rule] = sorted(examples + found, key=lambda entry: entry[0])[:EXAMPLES]

    @property
    def hardest(self) -> str:
        """The rule that dropped most."""
        return max(self._dropped, key=lambda rule: self._dropped[rule], default="none")

    def as_json(self, splits: Mapping[str, int]) -> dict[str, Any]:
        """``{"pairs": all, "kept", "rules": [{"rule", "dropped", "left", "examples"}], "splits": {"train": …}}``"""
        left, rows = self.pairs, []
        for rule, dropped in self._dropped.items():
            left -= dropped
            examples = [example for _, example in self._examples[rule]]
            rows.append({"rule": rule, "dropped": dropped, "left": left, "examples": examples})
        return {"pairs": self.pairs, "kept": left, "rules": rows, "splits": dict(splits)}
