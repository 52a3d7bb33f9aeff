"""Several processes that train one model: each takes its shards of every batch, rank 0 alone writes.

A stage starts its workers itself (`launched`), or is started by `torchrun`. Either way each process runs the stage's
whole ``main``; CPUs exchange gradients by gloo, NVIDIA GPUs by nccl, one GPU a process.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime
import hashlib
import os
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn

from crosscap.errors import InputError
from crosscap.training import workers

WAIT = datetime.timedelta(hours=2)  # for rank 0 to validate, or for its turn to run the stage


def rank() -> int:
    """This process's number, from 0; 0 where there is one."""
    return dist.get_rank() if dist.is_initialized() else workers.number()


def processes() -> int:
    """How many processes train together; 1 before `launched`."""
    return dist.get_world_size() if dist.is_initialized() else 1


def launched(count: int, path: str | Path = "params.yaml") -> bool:
    """Join the other processes of this stage, or start them.

    Call it in ``main`` before anything is computed, and return at once when it says True.

    Args:
        count: how many processes; 1 for this one alone. `torchrun` decides where it started this one.

    Returns:
        True in a process that started ``count`` workers, which by now have done the whole work; False in a process
        that is to do its part.

    Raises:
        InputError: more processes than GPUs.
        SystemExit: a worker failed; it has said why.
    """
    if workers.started_among_others():
        join(path)
        return False
    if count <= 1:
        return False
    _require_devices(count, path)
    workers.run_workers(count)
    return True


def join(path: str | Path = "params.yaml") -> None:
    """Meet the other processes, at the place that the environment names."""
    world, number = int(os.environ["WORLD_SIZE"]), int(os.environ["RANK"])
    _require_devices(int(os.environ.get("LOCAL_WORLD_SIZE", world)), path)
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", number)))
    if dist.is_initialized():
        return
    meeting = os.environ.get(workers.RENDEZVOUS)
    dist.init_process_group(
        "nccl" if torch.cuda.is_available() else "gloo",
        init_method=f"file://{meeting}" if meeting else "env://",
        rank=number,
        world_size=world,
        timeout=WAIT,
    )
    atexit.register(dist.destroy_process_group)


def _require_devices(count: int, path: str | Path) -> None:
    if torch.cuda.is_available() and count > torch.cuda.device_count():
        raise InputError(
            path, f"{count} processes", f"at most {torch.cuda.device_count()}, one for each GPU", "Lower `processes`."
        )


def shared(model: nn.Module, trained: Sequence[nn.Parameter]) -> nn.Module:
    """``model`` in a `DistributedDataParallel` over the ``trained`` parameters; itself where there is one process.

    Rank 0's weights go to all.
    """
    if processes() == 1:
        return model
    # The wrapper takes every parameter that wants a gradient: hide those that another optimizer trains.
    own = {id(parameter) for parameter in trained}
    hidden = [value for value in model.parameters() if value.requires_grad and id(value) not in own]
    for parameter in hidden:
        parameter.requires_grad_(False)
    # What a step leaves out changes as a model trains (L_KL's heads wait for the last epochs), so every step has to
    # look for it. Of a step that leaves nothing out PyTorch says on stderr that looking was in vain: not with this one.
    model.register_parameter("never_used", nn.Parameter(trained[0].new_zeros(1)))
    wrapped = nn.parallel.DistributedDataParallel(model, find_unused_parameters=True)
    for parameter in hidden:
        parameter.requires_grad_(True)
    return wrapped


def alone(model: nn.Module) -> contextlib.AbstractContextManager[None]:
    """Keep the gradients of a `shared` model to this process within the block."""
    if isinstance(model, nn.parallel.DistributedDataParallel):
        return model.no_sync()
    return contextlib.nullcontext()


def summed(values: Tensor) -> Tensor:
    """The sum of ``values`` over the processes."""
    if processes() == 1:
        return values
    values = values.clone()
    dist.all_reduce(values)
    return values


def told(value: float, device: torch.device) -> float:
    """Rank 0's ``value``, in every process."""
    if processes() == 1:
        return value
    box = torch.tensor([value], dtype=torch.float64, device=device)
    dist.broadcast(box, 0)
    return float(box.item())


def wait_for_all() -> None:
    """Return when every process has come here."""
    if processes() > 1:
        dist.barrier()


def seed_step(seed: int, step: int) -> None:
    """Make what is random in a step a function of seed, step and rank.

    A checkpoint holds the random state of rank 0 alone, and two processes with one state would drop the same units.
    With one process nothing happens: the state goes on from step to step.
    """
    if processes() == 1:
        return
    digest = hashlib.sha256(f"{seed}/{step}/{rank()}".encode()).digest()
    number = int.from_bytes(digest[:8], "big") >> 1
    random.seed(number)
    np.random.seed(number % 2**32)
    torch.manual_seed(number)
