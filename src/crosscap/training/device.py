"""Where tensors live."""

from __future__ import annotations

import torch


def best_device() -> torch.device:
    """The process's CUDA device when there is one, else the CPU."""
    return torch.device("cuda", torch.cuda.current_device()) if torch.cuda.is_available() else torch.device("cpu")
