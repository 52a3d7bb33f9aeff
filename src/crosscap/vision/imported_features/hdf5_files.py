"""HDF5 files of features: three arrays a picture (M2 Transformer), or all pictures in one array (bottom-up VQA)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.vision.imported_features.numpy_files import damage
from crosscap.vision.imported_features.record import MAX_VALUES, Entry, Flaw, Record, check_shape

_PARTS = ("_features", "_boxes", "_cls_prob", "_attr_prob")
_FLAT = ("image_features", "image_bb", "spatial_features", "pos_boxes", "num_boxes")


def read_h5_files(paths: Sequence[Path]) -> Iterator[Entry]:
    """Files with ``ID_features``, ``ID_boxes`` and, perhaps, ``ID_cls_prob`` of each picture, or a group ``ID`` with
    ``features``, ``boxes`` and, perhaps, ``cls_prob`` and ``attr_prob``.

    Raises:
        InputError: no HDF5 file, or one without such names.
    """
    for path in paths:
        with opened(path) as file:
            for prefix in _prefixes(path, file):
                yield Entry(prefix[:-1], f"{path.name}, {prefix}features", partial(_record, file, prefix))


def _prefixes(path: Path, file: h5py.File) -> list[str]:
    """What stands before ``features`` in the name of each picture's array.

    Raises:
        InputError: the list of arrays is damaged, or is that of another layout.
    """
    names = _names(path, file)
    if "image_features" in names:
        remedy = "Set `layout: flat_h5` and give the ids' JSON after it."
        raise InputError(path, "one array of all pictures", "arrays of each picture", remedy)
    plain = [name.removesuffix("features") for name in names if name.endswith("_features")]
    groups = [f"{name}/" for name in names if not name.endswith(_PARTS) and _is_group(file, name)]
    if not plain and not groups:
        raise InputError(path, "no array ID_features", "ID_features and ID_boxes of each picture")
    return plain + groups


def _names(path: Path, file: h5py.File) -> list[str]:
    try:
        with damage("its list of arrays"):
            # h5py gives bytes where a name is no UTF-8.
            return [name if isinstance(name, str) else name.decode("utf-8", "surrogateescape") for name in file]
    except Flaw as flaw:
        raise InputError(path, str(flaw), "an HDF5 file", "Fetch it again.") from None


def _is_group(file: h5py.File, name: str) -> bool:
    try:
        with damage(name):
            link = file.get(name, getlink=True)
            return isinstance(link, h5py.HardLink) and file.get(name, getclass=True) is h5py.Group
    except Flaw:
        return False


def _record(file: h5py.File, prefix: str) -> Record:
    features, boxes = dataset(file, f"{prefix}features"), dataset(file, f"{prefix}boxes")
    if features is None or boxes is None:
        raise Flaw(f"no array of the name: {prefix}{'boxes' if boxes is None else 'features'}")
    classes, attributes = dataset(file, f"{prefix}cls_prob"), dataset(file, f"{prefix}attr_prob")
    return Record(
        features=values(features),
        boxes=values(boxes),
        classes=None if classes is None else values(classes),
        attributes=None if attributes is None else values(attributes),
    )


def read_flat_h5_files(paths: Sequence[Path]) -> Iterator[Entry]:
    """Pairs of a file and the JSON of its ids, ``{ID: row}`` or ``[ID, …]``.

    The file has ``image_features`` [n, N, D] with ``image_bb`` [n, N, 4] (``num_boxes`` [n] where fewer than N are
    real), or [all boxes, D] and [all boxes, 4] with ``pos_boxes`` [n, 2], each picture's range of rows. Without
    ``image_bb`` the first four of ``spatial_features`` are taken, boxes in shares of the picture.

    Raises:
        InputError: no HDF5 file, arrays of other shapes, or no JSON of ids.
    """
    for path, ids in zip(paths[::2], paths[1::2], strict=True):
        rows = _rows_of(ids)
        with opened(path) as file:
            table = _FlatTable(path, file)
            for key, row in rows.items():
                yield Entry(key, f"{path.name}, row {row}", partial(table.record, row))


def _rows_of(path: Path) -> Mapping[str, Any]:
    value = read_json(path)
    if isinstance(value, list):
        rows: dict[str, Any] = {}
        for row, key in enumerate(value):
            if rows.setdefault(str(key), row) != row:
                raise InputError(path, f"the id {str(key)[:50]!r} twice", "each picture once")
        return rows
    if isinstance(value, dict):
        return value
    raise InputError(path, type(value).__name__, "{ID: row} or [ID, …]")


class _FlatTable:
    def __init__(self, path: Path, file: h5py.File) -> None:
        try:
            given = {name: dataset(file, name) for name in _FLAT}
        except Flaw as flaw:
            raise InputError(path, str(flaw), "arrays of numbers") from None
        features, boxes = given["image_features"], given["image_bb"]
        self._in_shares = boxes is None
        boxes = given["spatial_features"] if boxes is None else boxes
        self._ranges, self._counts = given["pos_boxes"], given["num_boxes"]
        dimensions = 3 if self._ranges is None else 2
        if features is None or boxes is None or features.ndim != dimensions or boxes.ndim != dimensions:
            found = f"the arrays {', '.join(sorted(_names(path, file))[:8])}"
            expected = "image_features and image_bb [n, N, …], or [boxes, …] with pos_boxes [n, 2]"
            raise InputError(path, found, expected)
        if features.shape[:-1] != boxes.shape[:-1]:
            found = f"image_features {features.shape} and boxes {boxes.shape}"
            raise InputError(path, found, "arrays of the same pictures")
        self._features, self._boxes = features, boxes

    def record(self, row: object) -> Record:
        place = self._rows(row)
        check_shape("image_features", self._features.dtype, self._shape(place), "f")
        with damage("image_features"):
            features, boxes = self._features[place], self._boxes[place][..., :4]
        return Record(features, boxes, self._in_shares)

    def _rows(self, row: object) -> Any:
        guide = self._features if self._ranges is None else self._ranges
        if type(row) is not int or not 0 <= row < len(guide):
            raise Flaw(f"no row: {str(row)[:50]!r} of {len(guide)}")
        if self._ranges is None:
            count = self._features.shape[1] if self._counts is None else self._number(self._counts, row)
            return row, slice(0, count)
        with damage("pos_boxes"):
            start, stop = (int(number) for number in self._ranges[row])
        if not 0 <= start <= stop <= len(self._features):
            raise Flaw(f"no rows: {start} to {stop} of {len(self._features)}")
        return slice(start, stop)

    def _number(self, counts: h5py.Dataset, row: int) -> int:
        with damage("num_boxes"):
            count = int(counts[row])
        if not 0 <= count <= self._features.shape[1]:
            raise Flaw(f"too many boxes: {count} of {self._features.shape[1]}")
        return count

    def _shape(self, place: Any) -> tuple[int, ...]:
        rows = place if isinstance(place, slice) else place[1]
        return rows.stop - rows.start, self._features.shape[-1]


@contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """An HDF5 file, for reading.

    Raises:
        InputError: missing, or no HDF5 file.
    """
    if not path.is_file():
        raise InputError(path, "no such file", "an HDF5 file of features")
    try:
        # Without a lock: file systems of clusters often have none.
        file = h5py.File(path, "r", locking=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(path, str(error).splitlines()[0], "an HDF5 file", "Fetch it again.") from None
    with file:
        yield file


def dataset(file: h5py.File, name: str) -> h5py.Dataset | None:
    """The array ``name``; None where there is none.

    Raises:
        Flaw: it is no array of numbers in this very file, which may point to any other.
    """
    with damage(name):
        parts = name.split("/")
        for depth in range(1, len(parts) + 1):
            part = "/".join(parts[:depth])
            link = file.get(part, getlink=True)
            if link is None:
                return None
            if not isinstance(link, h5py.HardLink):
                raise Flaw(f"a link to elsewhere: {name}")
        found = file[name]
        if not isinstance(found, h5py.Dataset) or found.is_virtual or found.external:
            raise Flaw(f"no array of this file: {name}")
        kinds = "iu" if name in ("pos_boxes", "num_boxes") else "f"
        if found.dtype.kind not in kinds:
            check_shape(name, found.dtype, (), kinds)
        if found.chunks and int(np.prod(found.chunks, dtype=np.float64)) > MAX_VALUES:
            raise Flaw(f"too large: a piece of {name}")
        return found


def values(found: h5py.Dataset) -> NDArray:
    """All of an array of one picture."""
    check_shape(found.name or "", found.dtype, found.shape, "f")
    with damage(found.name or ""):
        return found[()]
