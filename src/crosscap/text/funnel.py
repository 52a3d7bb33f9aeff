"""How many pairs are left after each rule, in order, for which side's sake they went, and a few of those dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from crosscap.text.survivors import Numbers

EXAMPLES = 5
SIDES = ("source", "target", "both")  # of the verdicts 1, 2, 3 of a rule that asks each side
Example = dict[str, str]


class Funnel:
    """Counts and examples by rule.

    The examples are those with the lowest hashes: picked from all over the corpus, and the same ones each time.
    """

    def __init__(self, rules: Sequence[str]) -> None:
        self.pairs = 0
        self._dropped = dict.fromkeys(rules, 0)
        self._sides = {rule: np.zeros(len(SIDES) + 1, np.int64) for rule in rules}
        self._examples: dict[str, dict[int, Example]] = {rule: {} for rule in rules}

    def drop(self, rule: str, hashes: Numbers, example: Callable[[int], Example], sides: Numbers | None = None) -> None:
        """Count pairs that ``rule`` dropped.

        Args:
            hashes: one a pair.
            example: the n-th of them.
            sides: for whose sake each was dropped, as `verdicts.sides_of` says; None where the rule asks no side.
        """
        if sides is not None:
            self._sides[rule] += np.bincount(sides, minlength=len(SIDES) + 1)
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
        """``{"pairs": all, "kept", "rules": [{"rule", "dropped", "left", "examples"}], "splits": {"train": …}}``

        A rule that asks each side by itself has ``"sides"`` too: how many pairs it dropped for the ``source`` alone,
        for the ``target`` alone, and for ``both``.
        """
        left, rows = self.pairs, []
        for rule, dropped in self._dropped.items():
            left -= dropped
            examples = list(self._examples[rule].values())
            sides = dict(zip(SIDES, self._sides[rule][1:].tolist(), strict=True))
            told = {"sides": sides} if any(sides.values()) else {}
            rows.append({"rule": rule, "dropped": dropped, "left": left, **told, "examples": examples})
        return {"pairs": self.pairs, "kept": left, "rules": rows, "splits": dict(splits)}
