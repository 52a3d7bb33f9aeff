"""What stands first in the report's tables; anything else that a file holds comes after, by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

METRICS = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR", "ROUGE-L", "CIDEr", "SPICE")
SETS = ("without_phase2", "with_phase2", "gold_graphs", "shuffled")


def ordered(names: Iterable[str], first: Sequence[str]) -> list[str]:
    """``names``, each once: those of ``first`` in its order, then the others by name.

    >>> ordered(["CIDEr", "z", "a", "BLEU-4"], METRICS)
    ['BLEU-4', 'CIDEr', 'a', 'z']
    """
    present = set(names)
    return [name for name in first if name in present] + sorted(present.difference(first))
