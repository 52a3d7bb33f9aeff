"""Integer arrays of an HDF5 file that comes from outside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from crosscap.errors import InputError

MAGIC = b"\x89HDF\r\n\x1a\n"
_PACKING = 1100  # times that zlib can shrink at most
_SMALL = 1 << 20  # bytes that any file may ask for
# What h5py raises for broken files
_ERRORS = (OSError, KeyError, ValueError, TypeError, RuntimeError, OverflowError, MemoryError)


def read_integers(path: Path, wanted: Mapping[str, tuple[int, ...]]) -> dict[str, NDArray[np.int64]]:
    """The arrays among ``wanted`` that the file has.

    Args:
        wanted: name: shape behind the first axis.

    Raises:
        InputError: no such file, no HDF5, a broken one, an array of another shape or type, or one that lies outside.
    """
    if not path.is_file():
        raise InputError(path, "no such file", "an HDF5 file", "Check its path in params.yaml.")
    try:
        with h5py.File(path, "r") as file:
            return {name: _array(path, file, name, shape) for name, shape in wanted.items() if name in file}
    except _ERRORS as error:
        raise InputError(path, f"broken data ({error})", "a whole HDF5 file", "Fetch it again.") from None


def _array(path: Path, file: h5py.File, name: str, shape: tuple[int, ...]) -> NDArray[np.int64]:
    # A link, virtual data or external storage would read other files of the machine.
    inside = isinstance(file.get(name, getlink=True), h5py.HardLink)
    data = file[name] if inside else None
    if not isinstance(data, h5py.Dataset) or data.external or data.is_virtual:
        raise InputError(path, f"{name} that is no array in this file", "an array", record=name)
    if data.dtype.kind not in "iu" or data.ndim != 1 + len(shape) or data.shape[1:] != shape:
        expected = f"integers [N{''.join(f', {size}' for size in shape)}]"
        raise InputError(path, f"{data.dtype} {list(data.shape)}", expected, record=name)
    if data.nbytes > _SMALL + _PACKING * path.stat().st_size:
        raise InputError(path, f"an array of {data.nbytes} bytes", "no more than the file can hold", record=name)
    return np.asarray(data[()]).astype(np.int64, copy=False)
