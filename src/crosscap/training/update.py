"""One update of a model's weights: losses, gradients, their limits, the optimizer's step.

A batch may be too large for the memory, or be shared by several processes. Both split it into shards; each shard gives
its part of the *whole* batch's losses, so that the sum over the shards is what one pass over the batch would give.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import torch
from torch import Tensor, nn

from crosscap.training import distributed

Item = TypeVar("Item")
Losses = Callable[[Sequence[Item]], Mapping[str, Tensor]]


@dataclass(frozen=True)
class UpdateSettings:
    """How a gradient is computed and limited.

    Attributes:
        clip: limit each element of the gradient to +-``limit`` (``value``), its Euclidean norm to ``limit``
            (``norm``), or nothing (``none``).
        precision: ``bf16`` computes matrix products in bfloat16 (`torch.autocast`); weights and optimizer stay fp32.
        accumulate: passes into which a process cuts its part of a batch, to save memory.
    """

    clip: Literal["none", "value", "norm"] = "none"
    limit: float = 0.0
    precision: Literal["fp32", "bf16"] = "fp32"
    accumulate: int = 1


class Update:
    """Updates a model: ``losses = update(batch, lambda shard: …)``.

    Args:
        model: holds every parameter that the losses depend on.
        optimizer: of all its parameters or of some; the others are left to their own `Update`.
        schedule: stepped after each update.
        clipped: parameters that the limit holds for, those of the optimizer when not given.
    """

    def __init__(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        settings: UpdateSettings | None = None,
        schedule: torch.optim.lr_scheduler.LRScheduler | None = None,
        clipped: Iterable[nn.Parameter] | None = None,
    ) -> None:
        self.optimizer, self.schedule = optimizer, schedule
        self.settings = settings or UpdateSettings()
        own = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        self.clipped = own if clipped is None else list(clipped)
        self.device = own[0].device
        self.pass_ = distributed.shared(_Pass(model), own)

    def __call__(self, batch: Sequence[Item], losses: Losses[Item]) -> dict[str, float]:
        """Update the weights once; returns the losses of the whole batch by name.

        The batch is cut into ``accumulate`` times as many shards as there are processes. Where there is one shard it
        is ``batch`` itself.

        Args:
            batch: the examples, the same in each process.
            losses: a shard's part of the batch's losses; their sum is minimised. Divide by the counts of the whole
                batch, not of the shard.
        """
        self.optimizer.zero_grad(set_to_none=True)
        totals: Tensor | None = None
        names: list[str] = []
        shards = self._shards(batch)
        for number, (shard, weight) in enumerate(shards, 1):
            # Gradients travel between the processes once, with the last shard.
            with distributed.alone(self.pass_) if number < len(shards) else contextlib.nullcontext():
                with torch.autocast(self.device.type, torch.bfloat16, enabled=self.settings.precision == "bf16"):
                    parts = self.pass_(losses, shard)
                values = torch.stack(list(parts.values()))
                if weight != 1:
                    values = values * weight
                # DistributedDataParallel takes the mean over the processes; the sum is wanted.
                total = values.sum()
                (total if distributed.processes() == 1 else total * distributed.processes()).backward()
            names = list(parts)
            totals = values.detach() if totals is None else totals + values.detach()
        if totals is None:
            raise ValueError("a batch without examples")
        norm = self._limit()
        self.optimizer.step()
        if self.schedule is not None:
            self.schedule.step()
        told = distributed.summed(totals).tolist()
        found = dict(zip(names, told, strict=True))
        if norm is not None and not torch.isfinite(norm):
            found.setdefault("gradient norm", float(norm))
        return found

    def _shards(self, batch: Sequence[Item]) -> list[tuple[Sequence[Item], float]]:
        """This process's shards and what each counts: 0 for one that only keeps step with the other processes."""
        if not len(batch):
            return []
        count = distributed.processes() * self.settings.accumulate
        if count == 1:
            return [(batch, 1.0)]
        cuts = [batch[start::count] for start in range(distributed.rank(), count, distributed.processes())]
        filled = [(cut, 1.0) for cut in cuts if len(cut)]
        return filled or [(batch[:1], 0.0)]

    def _limit(self) -> Tensor | None:
        if self.settings.clip == "value":
            nn.utils.clip_grad_value_(self.clipped, self.settings.limit)
        elif self.settings.clip == "norm":
            return nn.utils.clip_grad_norm_(self.clipped, self.settings.limit)
        return None


class _Pass(nn.Module):
    """A forward pass as a module, as `DistributedDataParallel` wants one."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, losses: Losses[Any], shard: Sequence[Any]) -> dict[str, Tensor]:
        return dict(losses(shard))
