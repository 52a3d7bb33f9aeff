"""The recurrent half of an LSTM layer over packed sentences.

An LSTM's gates are a projection of its inputs plus a projection of its last hidden state. The first needs no loop and
is the caller's: one product for all words, or for all distinct words. Here is the second: the loop over steps, with
its gradient written out, so that the weight's gradient is one product over all words instead of one a step. On a CPU
this takes about half the time of ``torch.nn.LSTM``, which also works on the padding.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable


class LSTMRecurrence(nn.Module):
    """h_t and c_t of an LSTM whose gates are ``inputs + W h``: columns candidate, input, forget, output, D each.

    Args:
        size: D.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.weight = nn.Parameter(torch.empty(4 * size, size).uniform_(-(size**-0.5), size**-0.5))

    # The sizes of the steps differ from batch to batch: a compiler would translate the loop anew for each.
    @torch.compiler.disable
    def forward(self, inputs_PG: Tensor, going: tuple[int, ...]) -> Tensor:
        """Run packed sentences from a zero state: inputs [P, 4D] -> hidden states [P, D].

        Args:
            going: see `PackedSentences`; sentences leave at the end of the rows.
        """
        device = inputs_PG.device.type
        dtype = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else self.weight.dtype
        hidden: Tensor = _Recurrence.apply(inputs_PG.float(), self.weight, going, dtype)
        return hidden

    def step(self, inputs_BG: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
        """One step without gradient: inputs [B, 4D], state [B, D] twice -> the next hidden state and cell."""
        gates = torch.addmm(inputs_BG, hidden, self.weight.t())
        candidate, enter, keep, show = gates.chunk(4, dim=1)
        candidate.mul_(2)
        gates.sigmoid_()
        candidate.mul_(2).sub_(1)
        cell = torch.addcmul(cell * keep, candidate, enter)
        return _tanh(cell, torch.empty_like(cell)).mul_(show), cell


class _Recurrence(torch.autograd.Function):
    """Products in ``dtype`` (bf16 under autocast), gates and states in fp32."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, going: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        size = weight.shape[1]
        transposed = weight.to(dtype).t()
        gates, cells = torch.empty_like(inputs), inputs.new_empty(len(inputs), size)
        shown, hidden = torch.empty_like(cells), torch.empty_like(cells)
        parts = gates.chunk(4, dim=1)
        steps = zip(*(rows.split(going) for rows in (inputs, gates, *parts, cells, shown, hidden)), strict=True)
        before: tuple[Tensor, Tensor] | None = None
        for read, now, candidate, enter, keep, show, cell, out, state in steps:
            if before is None:
                now.copy_(read)
            else:
                torch.add(read, before[0][: len(read)].to(dtype) @ transposed, out=now)
            candidate.mul_(2)
            now.sigmoid_()
            candidate.mul_(2).sub_(1)
            torch.mul(candidate, enter, out=cell)
            if before is not None:
                cell.addcmul_(before[1][: len(read)], keep)
            _tanh(cell, out)
            torch.mul(out, show, out=state)
            before = state, cell
        ctx.save_for_backward(gates, cells, shown, hidden, weight)
        ctx.going, ctx.dtype = going, dtype
        return hidden

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_hidden: Tensor) -> tuple[Tensor, Tensor, None, None]:
        gates, cells, shown, hidden, weight = ctx.saved_tensors
        going, size = ctx.going, weight.shape[1]
        narrow = weight.to(ctx.dtype)
        first = going[0] if going else 0
        previous = _previous(going, gates.device)
        candidate, enter, keep, show = gates.chunk(4, dim=1)
        # What a change of the cell, or of the hidden state, does to each gate before its squashing; then to the cell.
        factor = torch.empty_like(gates)
        by_candidate, by_enter, by_keep, by_show = factor.chunk(4, dim=1)
        torch.mul(enter, 1 - candidate.square(), out=by_candidate)
        torch.mul(candidate, enter * (1 - enter), out=by_enter)
        by_keep[:first] = 0
        torch.mul(cells[previous], (keep * (1 - keep))[first:], out=by_keep[first:])
        torch.mul(shown, show * (1 - show), out=by_show)
        to_cell = show * (1 - shown.square())
        grad_hidden = grad_hidden.clone()
        grad_cell = torch.zeros_like(cells[:first])
        by_cell = factor.view(-1, 4, size)[:, :3]
        steps = list(zip(*(rows.split(going) for rows in (grad_hidden, to_cell, by_cell, by_show, keep, factor)),
                         strict=True))  # fmt: skip
        for number in range(len(steps) - 1, -1, -1):
            grad, to, of_cell, of_show, kept, now = steps[number]
            reached = grad_cell[: len(grad)].addcmul_(grad, to)
            of_cell.mul_(reached.unsqueeze(1))
            of_show.mul_(grad)
            if number:
                reached.mul_(kept)
                steps[number - 1][0][: len(grad)] += now.to(ctx.dtype) @ narrow
        grad_weight = factor[first:].to(ctx.dtype).t() @ hidden[previous].to(ctx.dtype)
        return factor, grad_weight.to(weight.dtype), None, None


def _tanh(values: Tensor, out: Tensor) -> Tensor:
    """tanh through the logistic function, which PyTorch computes six times faster on a CPU; 1e-7 apart at most."""
    return torch.mul(values, 2, out=out).sigmoid_().mul_(2).sub_(1)


def _previous(going: tuple[int, ...], device: torch.device) -> Tensor:
    """The row of the step before, for each packed row that is not a first word."""
    starts = accumulate(going, initial=0)
    rows = [torch.arange(start, start + count) for start, count in zip(starts, going[1:], strict=False)]
    return torch.cat(rows).to(device) if rows else torch.zeros(0, dtype=torch.int64, device=device)
