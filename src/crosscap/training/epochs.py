"""Which examples a step sees, when a training goes through them all again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

Batches = Sequence[Sequence[int]]


class Epochs:
    """Batches of example numbers, epoch after epoch.

    What an epoch holds is a function of its number (and of a seed) alone, so that a training can go on from any step.

    Args:
        batches_of: the batches of an epoch, counted from 0; equally many in each.

    Attributes:
        steps: batches of one epoch.
    """

    def __init__(self, batches_of: Callable[[int], Batches]) -> None:
        self._batches_of = batches_of
        self._epoch, self._batches = 0, batches_of(0)
        self.steps = len(self._batches)

    def at(self, step: int) -> tuple[int, int, Sequence[int]]:
        """Of a step, counted from 1: its epoch and its place in it, both from 0, and its batch."""
        epoch, position = divmod(step - 1, self.steps)
        if epoch != self._epoch:
            self._epoch, self._batches = epoch, self._batches_of(epoch)
        return epoch, position, self._batches[position]


def shuffled(count: int, batch_size: int, seed: int) -> Callable[[int], Batches]:
    """Batches of ``batch_size`` of ``count`` examples (the last may be smaller), in an order of seed and epoch."""

    def batches_of(epoch: int) -> Batches:
        generator = torch.Generator().manual_seed(seed * 100_003 + epoch)
        order = torch.randperm(count, generator=generator).tolist()
        return [order[start : start + batch_size] for start in range(0, count, batch_size)]

    return batches_of
