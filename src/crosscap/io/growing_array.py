"""Arrays that are written to ``.npy`` files row by row, for what does not fit into memory."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray


class GrowingArray:
    """An array of rows of one shape: appended to the file, counted in its header when closed."""

    def __init__(self, path: str | Path, dtype: DTypeLike, row_shape: tuple[int, ...] = ()) -> None:
        self.dtype, self.row_shape = np.dtype(dtype), row_shape
        self.rows = 0
        self._stream = open(path, "wb")  # noqa: SIM115 (closed by `close`)
        self._write_header()
        self._begin = self._stream.tell()

    def append(self, rows: NDArray) -> None:
        """Add [N, *row_shape] rows.

        Raises:
            ValueError: rows of another shape or type; nothing was written.
        """
        if rows.shape[1:] != self.row_shape or rows.dtype != self.dtype:
            found = f"rows of {rows.dtype} {rows.shape[1:]}"
            raise ValueError(f"{found}, expected {self.dtype} {self.row_shape}")
        self._stream.write(np.ascontiguousarray(rows).data)
        self.rows += len(rows)

    def close(self) -> None:
        """Write the number of rows; the file is a usual ``.npy`` from now on."""
        self._stream.seek(0)
        self._write_header()
        # NumPy pads headers so that the first dimension can grow in place.
        assert self._stream.tell() == self._begin
        self._stream.close()

    def __enter__(self) -> GrowingArray:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write_header(self) -> None:
        shape = (self.rows, *self.row_shape)
        description = {"descr": npy.dtype_to_descr(self.dtype), "fortran_order": False, "shape": shape}
        npy.write_array_header_1_0(self._stream, description)
