"""What a step of phase 1 minimises: the losses of a batch of examples, whole or in parts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from crosscap.systems.unison.examples import Example
from crosscap.systems.unison.model import BatchCounts, Side, Unison
from crosscap.systems.unison.nodes import NodeTable
from crosscap.text.vocabulary import PAD

BOTH: tuple[Side, ...] = ("source", "target")


@dataclass(frozen=True)
class Objective:
    """Which losses count.

    Attributes:
        joint: L_XE + L_KL instead of L_XE alone.
        sides: languages whose L_XE counts; ``joint`` needs both.
        sampling: share of the words read by the decoders that are drawn from what they said themselves.
    """

    joint: bool = False
    sides: tuple[Side, ...] = BOTH
    sampling: float = 0.0


def counts_of(examples: Sequence[Example]) -> BatchCounts:
    """What the losses of ``examples`` are divided by; a side that has no sentences counts 0 words."""
    words = [sum(max(0, len(getattr(example, side)) - 1) for example in examples) for side in BOTH]
    return BatchCounts(len(examples), *words)


def batch_losses(
    model: Unison, table: NodeTable, batch: Sequence[Example], objective: Objective, counts: BatchCounts | None = None
) -> dict[str, Tensor]:
    """Losses by name: ``xe_source``, ``xe_target``, ``kl``.

    Args:
        counts: of the whole batch or corpus that ``batch`` is a part of: the parts' losses then add up to its own.
    """
    graphs = table.pack([example.graph for example in batch])
    source, target = (_padded([getattr(e, side) for e in batch], table.source.device) for side in BOTH)
    return model.losses(
        table, graphs, source, target, objective.joint, counts or counts_of(batch), objective.sides, objective.sampling
    )


def frequency_loss(data: Sequence[Example], validation: Sequence[Example], side: Side) -> float:
    """L_XE on ``validation`` of a model that knows how often each word stands in ``data``, and nothing else."""
    counts = Counter(word for example in data for word in getattr(example, side)[1:])
    words = [word for example in validation for word in getattr(example, side)[1:]]
    total = counts.total() + len(counts) + 1  # a word that is not in `data` was met once
    return sum(math.log(total / (counts[word] + 1)) for word in words) / max(1, len(words))


def _padded(sentences: Sequence[Sequence[int]], device: torch.device) -> Tensor:
    rows = [torch.tensor(sentence, dtype=torch.long) for sentence in sentences]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD).to(device)


@torch.no_grad()
def validation_losses(
    model: Unison, table: NodeTable, data: Sequence[Example], batch_size: int, objective: Objective
) -> dict[str, float]:
    """Losses of all of ``data`` in eval mode and by teacher forcing; names start ``val_``."""
    model.eval()
    counts = counts_of(data)
    forced = Objective(objective.joint, objective.sides)
    total: Counter[str] = Counter()
    for start in range(0, len(data), batch_size):
        for name, loss in batch_losses(model, table, data[start : start + batch_size], forced, counts).items():
            total[f"val_{name}"] += loss.item()  # type: ignore[assignment]
    return dict(total)
