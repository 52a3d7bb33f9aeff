"""What a file of features says of one picture, before anything of it is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_BOXES = 10_000
"""Boxes of one picture: published features have 10 to 100, grids of 14 x 14 cells 196."""

MAX_VALUES = 1 << 26
"""Numbers in one array of one picture: 256 MB as float32."""

FLOATS = "float16, float32 or float64"


class Flaw(Exception):
    """Why a record is left out: a sort and, after a colon, its details."""


@dataclass(frozen=True)
class BestNames:
    """The best name of each box: ``ids`` [N] rows of a list of names, ``confidences`` [N]."""

    ids: NDArray
    confidences: NDArray


Named = BestNames | NDArray
"""Names of boxes: the best of each, or probabilities [N, C], or [N, C + 1] with the background first."""


@dataclass(frozen=True)
class Record:
    """One picture's features.

    Attributes:
        features: [N, D].
        boxes: [N, 4] ``x0, y0, x1, y1`` in pixels, or in shares of the picture where ``in_shares``.
        size: width and height of the picture that was looked at, None where the file does not say.
        count: number of boxes as the file says, None where it does not.
        classes, attributes: what the boxes are named; None where the file does not say.
    """

    features: NDArray
    boxes: NDArray
    in_shares: bool = False
    size: tuple[int, int] | None = None
    count: int | None = None
    classes: Named | None = None
    attributes: Named | None = None


@dataclass(frozen=True)
class Entry:
    """A place in a file that should hold a record.

    Attributes:
        key: name or number of its picture as it stands there; empty where none can be read.
        place: where it stands, for reports.
        load: reads the record; raises `Flaw`. Not called for pictures that nobody asked for.
    """

    key: str
    place: str
    load: Callable[[], Record]


def flawed(key: str, place: str, reason: str) -> Entry:
    """A place whose record cannot be read."""

    def load() -> Record:
        raise Flaw(reason)

    return Entry(key, place, load)


def check_shape(name: str, dtype: np.dtype, shape: tuple[int, ...], kinds: str) -> None:
    """Refuse an array by its description, before its values are read.

    Args:
        kinds: NumPy's letters of the kinds of numbers that may stand here: ``f`` floats, ``i`` and ``u`` integers.

    Raises:
        Flaw: another kind of values, too many of them, or too many boxes.
    """
    if dtype.hasobject:
        raise Flaw(f"pickled objects: {name}")
    if dtype.kind not in kinds or (dtype.kind == "f" and dtype.itemsize not in (2, 4, 8)):
        raise Flaw(f"another type: {name} is {dtype}, expected {FLOATS if kinds == 'f' else 'numbers'}")
    size = 1
    for length in shape:
        size *= length
    if min(shape, default=0) < 0 or len(shape) > 3 or size > MAX_VALUES:
        raise Flaw(f"too large: {name} of shape {'x'.join(map(str, shape[:4]))}")
