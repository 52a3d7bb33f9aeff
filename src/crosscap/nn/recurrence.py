"""The recurrent half of an LSTM layer over packed sentences.

An LSTM's gates are a projection of its inputs plus a projection of its last hidden state. The first needs no loop and
is the caller's: one product for all words, or for all distinct words. Here is the second: the loop over steps, with
its gradient written out, so that the weight's gradient is one product over all words instead of one a step. On a CPU
this takes about half the time of ``torch.nn.LSTM``, which also works on the padding.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
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
        candidate, squashed = gates[:, : self.size].tanh_(), gates[:, self.size :].sigmoid_()
        enter, keep, show = squashed.chunk(3, dim=1)
        cell = torch.addcmul(cell * keep, candidate, enter)
        return cell.tanh().mul_(show), cell


class _Recurrence(torch.autograd.Function):
    """Products in ``dtype`` (bf16 under autocast), gates and states in fp32."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, going: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        size = weight.shape[1]
        transposed = weight.to(dtype).t()
        gates, cells = torch.empty_like(inputs), inputs.new_empty(len(inputs), size)
        shown, hidden = torch.empty_like(cells), torch.empty_like(cells)
        before = None
        for step in _rows(going):
            now = gates[step]
            if before is None:
                now.copy_(inputs[step])
            else:
                last = slice(before.start, before.start + len(now))
                torch.add(inputs[step], hidden[last].to(dtype) @ transposed, out=now)
            now[:, :size].tanh_()
            now[:, size:].sigmoid_()
            candidate, enter, keep, show = now.chunk(4, dim=1)
            torch.mul(candidate, enter, out=cells[step])
            if before is not None:
                cells[step].addcmul_(cells[last], keep)
            torch.tanh(cells[step], out=shown[step])
            torch.mul(shown[step], show, out=hidden[step])
            before = step
        ctx.save_for_backward(gates, cells, shown, hidden, weight)
        ctx.going, ctx.dtype = going, dtype
        return hidden

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_hidden: Tensor) -> tuple[Tensor, Tensor, None, None]:
        gates, cells, shown, hidden, weight = ctx.saved_tensors
        going, size = ctx.going, weight.shape[1]
        narrow = weight.to(ctx.dtype)
        steps = list(_rows(going))
        # The row of the step before; first words have none.
        previous = torch.cat([torch.arange(s.start, s.start + n, device=gates.device)
                              for s, n in zip(steps, going[1:], strict=False)]) if len(steps) > 1 else None  # fmt: skip
        first = going[0] if going else 0
        candidate, enter, keep, show = gates.chunk(4, dim=1)
        # What a change of the cell, or of the hidden state, does to each gate before its squashing; then to the cell.
        factor = torch.empty_like(gates)
        by_candidate, by_enter, by_keep, by_show = factor.chunk(4, dim=1)
        torch.mul(enter, 1 - candidate.square(), out=by_candidate)
        torch.mul(candidate, enter * (1 - enter), out=by_enter)
        by_keep[:first] = 0
        if previous is not None:
            torch.mul(cells[previous], (keep * (1 - keep))[first:], out=by_keep[first:])
        torch.mul(shown, show * (1 - show), out=by_show)
        to_cell = show * (1 - shown.square())
        grad_hidden = grad_hidden.clone()
        grad_cell = torch.zeros_like(cells[:first])
        for number in range(len(steps) - 1, -1, -1):
            step, count = steps[number], going[number]
            reached = grad_cell[:count].addcmul_(grad_hidden[step], to_cell[step])
            now = factor[step]
            now[:, : 3 * size].view(count, 3, size).mul_(reached.unsqueeze(1))
            now[:, 3 * size :].mul_(grad_hidden[step])
            if number:
                reached.mul_(keep[step])
                last = slice(steps[number - 1].start, steps[number - 1].start + count)
                grad_hidden[last] += now.to(ctx.dtype) @ narrow
        if previous is None:
            return factor, torch.zeros_like(weight), None, None
        grad_weight = factor[first:].to(ctx.dtype).t() @ hidden[previous].to(ctx.dtype)
        return factor, grad_weight.to(weight.dtype), None, None


def _rows(going: tuple[int, ...]) -> list[slice]:
    """The rows of each step in the packed layout."""
    return [slice(start, end) for start, end in pairwise(accumulate(going, initial=0))]
