"""Weights of outside detectors: tensors alone, of the names and shapes that a network has."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from crosscap.errors import InputError

_PICKLE_REMEDY = "Convert it once, as docs/detectron2.md says: a pickle runs whatever its author put into it."


def load_weights(model: nn.Module, path: Path, superfluous: Callable[[str], bool] = lambda name: False) -> None:
    """Load a state dictionary into ``model``; names and shapes must be the same.

    Args:
        superfluous: says which tensors of the file have no place in this network and are no mistake.

    Raises:
        InputError: see `read_state`; or another network's weights (the first difference is named).
    """
    state, own = read_state(path), model.state_dict()
    state = {name: value for name, value in state.items() if name in own or not superfluous(name)}
    missing, unknown = sorted(set(own) - set(state)), sorted(set(state) - set(own))
    if missing or unknown:
        found = f"no tensor {missing[0]!r}" if missing else f"a tensor {unknown[0]!r}"
        raise InputError(path, found, "the weights of this architecture", "Check detector.backend.")
    for name, value in own.items():
        if state[name].shape != value.shape:
            found, expected = f"{name} of shape {list(state[name].shape)}", f"shape {list(value.shape)}"
            raise InputError(path, found, expected, "Check the sizes and the number of classes.")
    model.load_state_dict(state)


def read_state(path: Path) -> dict[str, Tensor]:
    """Tensors of a ``.safetensors`` or PyTorch file, never running code from it.

    Raises:
        InputError: missing, a pickle, another format, or a file that holds more than tensors.
    """
    if not path.is_file():
        raise InputError(path, "no such file", "detector weights (.safetensors, .pt, .pth)")
    if path.suffix == ".pkl":
        raise InputError(path, "a pickle", "detector weights (.safetensors, .pt, .pth)", _PICKLE_REMEDY)
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, RuntimeError, pickle.UnpicklingError, EOFError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(path, f"unreadable weights ({reason})", "a state dictionary of tensors") from None
    # Training checkpoints, detectron2's among them, hold the optimizer and counters beside the network.
    if isinstance(state, dict) and isinstance(state.get("model"), dict):
        state = state["model"]
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise InputError(path, "other things than tensors", "a state dictionary of tensors")
    return state
