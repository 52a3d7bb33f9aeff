"""Pictures packed flat for a relation model: no padding, and LSTMs that read each picture's boxes in an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from crosscap.vision.relations.regions import Regions


@dataclass(frozen=True)
class Batch:
    """`Regions` of B pictures one after the other: N boxes and R pairs in all.

    Attributes:
        counts: [B] boxes of each picture.
        given: [N] whether the label stays as it is.
        pairs: [R, 2] rows of this batch.
        boxes, labels, trust, features, unions, geometry: as in `Regions`.
    """

    counts: Tensor
    given: Tensor
    pairs: Tensor
    boxes: Tensor
    labels: Tensor
    trust: Tensor
    features: Tensor
    unions: Tensor
    geometry: Tensor

    @classmethod
    def of(cls, regions: Sequence[Regions], device: torch.device | None = None) -> Batch:
        """Pack pictures; at least one."""
        counts = np.array([len(one) for one in regions])
        starts = np.cumsum(counts) - counts
        arrays = {
            name: np.concatenate([getattr(one, name) for one in regions])
            for name in ("boxes", "labels", "trust", "features", "unions", "geometry")
        }
        pairs = np.concatenate([one.pairs + start for one, start in zip(regions, starts, strict=True)])
        given = np.repeat([one.given for one in regions], counts)
        arrays |= {"counts": counts, "given": given, "pairs": pairs}
        return cls(**{field.name: torch.from_numpy(arrays[field.name]).to(device) for field in fields(cls)})


class Sequences:
    """Each picture's boxes as one sequence, ordered by a key; all sequences of a batch in PyTorch's packed layout.

    The packed layout holds the first box of every picture, then the second of every picture that has two, and so on,
    pictures with more boxes first.

    Args:
        counts: [B] boxes of each picture.
        keys: [N] boxes with a smaller key come first; those with the same, as they stand.
    """

    def __init__(self, counts: Tensor, keys: Tensor) -> None:
        pictures = torch.repeat_interleave(counts)
        order = keys.argsort(stable=True)
        order = order[pictures[order].argsort(stable=True)]
        positions = torch.arange(len(keys), device=keys.device) - (counts.cumsum(0) - counts)[pictures]
        ranks = (-counts).argsort(stable=True).argsort()
        self.rows = order[(positions * len(counts) + ranks[pictures]).argsort()]
        """[N] the batch row at each place of the packed layout."""
        self.sizes = torch.bincount(positions).cpu()
        """[T] how many pictures have a first, second, … box."""

    def pack(self, values: Tensor) -> PackedSequence:
        """[N, …] in the batch's order -> packed."""
        return PackedSequence(values[self.rows], self.sizes)

    def unpack(self, packed: Tensor) -> Tensor:
        """[N, …] of the packed layout -> in the batch's order."""
        return packed[self.rows.argsort()]

    def shift(self, packed: Tensor, first: int) -> Tensor:
        """[N] of the packed layout -> at each place what its picture's sequence has one place earlier, or ``first``."""
        # Places of one step follow one another in one order of pictures: a step back is the size of the step before.
        back = torch.repeat_interleave(self.sizes[:-1], self.sizes[1:]).to(packed.device)
        begun = int(self.sizes[0])
        earlier = torch.arange(begun, len(packed), device=packed.device) - back
        return torch.cat([packed.new_full((begun,), first), packed[earlier]])
