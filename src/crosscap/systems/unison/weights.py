"""Weights of a trained model, read from a safetensors file."""

from __future__ import annotations

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from crosscap.errors import InputError


def load_weights(model: nn.Module, path: str | Path) -> None:
    """Load a safetensors file into ``model``, every tensor of it.

    Raises:
        InputError: the file is missing, broken, or of another model.
    """
    remedy = "Train the model again."
    try:
        model.load_state_dict(load_file(path))
    except FileNotFoundError:
        raise InputError(path, "no such file", "the weights of a model", remedy) from None
    except (SafetensorError, RuntimeError) as error:
        raise InputError(path, str(error).splitlines()[0], "the weights that config.json describes", remedy) from None
