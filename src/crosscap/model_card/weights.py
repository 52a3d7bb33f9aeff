"""How many weights a model folder holds."""

from __future__ import annotations

from math import prod
from pathlib import Path

from safetensors import SafetensorError, safe_open

from crosscap.errors import InputError


def count_weights(folder: Path) -> int:
    """The numbers in ``folder/model.safetensors``, by its header alone.

    Raises:
        InputError: the file is missing, or is no safetensors file.
    """
    path = folder / "model.safetensors"
    expected = "the weights of a trained model"
    try:
        with safe_open(path, "np") as file:
            return sum(prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118, it is no mapping
    except FileNotFoundError:
        raise InputError(path, "no such file", expected) from None
    except SafetensorError as error:
        raise InputError(path, str(error), expected) from None
