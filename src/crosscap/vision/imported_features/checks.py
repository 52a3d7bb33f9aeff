"""From what a file says to what the program may rely on: checked, clipped, best first, in float32."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crosscap.vision.detectors.detection import Detections
from crosscap.vision.imported_features.record import MAX_BOXES, BestNames, Flaw, Named, Record, check_shape

UNKNOWN = -1
"""Label of a box that nobody named."""

_PIXELS, _SHARE = 2.0, 0.01  # how far a box may leave its picture: the larger of both, in pixels and of its side
_ROUNDING = 1e-3  # half precision gives confidences a little above 1


@dataclass
class FeatureChecks:
    """Checks of one import: the names that labels are drawn from, and the width that the first record gives.

    Attributes:
        classes, attributes: how many names there are; 0: what a file says of them is not read.
        width: D, None until a record was kept.
    """

    classes: int
    attributes: int
    width: int | None = None

    def detections(self, record: Record, size: tuple[int, int] | None) -> tuple[Detections, int, int]:
        """The record as detections, and width and height of its picture, in pixels.

        Args:
            size: width and height of the picture as it is known, None where it is not.

        Raises:
            Flaw: something is not as it must be.
        """
        features = _floats("features", record.features, 2)
        count = self._check_counts(record, features)
        width, height = _size(record.size, size)
        boxes = _boxes(record, count, width, height)
        labels, scores = np.full(count, UNKNOWN), np.ones(count, np.float32)
        if self.classes:
            labels, scores = _best("classes", record.classes, count, self.classes)
        attributes = np.zeros((count, self.attributes), np.float32)
        if self.attributes:
            attributes = _table("attributes", record.attributes, count, self.attributes)
        order = np.argsort(-scores, kind="stable")
        self.width = features.shape[1]
        values = boxes[order], labels[order], scores[order], features[order], attributes[order]
        return Detections(*values), width, height

    def _check_counts(self, record: Record, features: NDArray[np.float32]) -> int:
        count, width = features.shape
        if not count or not width:
            raise Flaw(f"no boxes: features of shape {count}x{width}")
        if count > MAX_BOXES:
            raise Flaw(f"too many boxes: {count}")
        for name, other in (("num_boxes", record.count), ("boxes", len(record.boxes) if record.boxes.ndim else None)):
            if other is not None and other != count:
                raise Flaw(f"another number of boxes: {name} says {other}, features {count}")
        if self.width not in (None, width):
            raise Flaw(f"another width: {width} values, the first record has {self.width}")
        return count


def _floats(name: str, values: NDArray, dimensions: int) -> NDArray[np.float32]:
    check_shape(name, values.dtype, values.shape, "f")
    if values.ndim != dimensions:
        raise Flaw(f"another shape: {name} of shape {'x'.join(map(str, values.shape))}")
    with np.errstate(over="ignore", invalid="ignore"):
        single = values.astype(np.float32)
    if not np.isfinite(single).all():
        raise Flaw(f"no number: {name} holds NaN or infinity")
    return single


def _size(said: tuple[int, int] | None, known: tuple[int, int] | None) -> tuple[int, int]:
    size = known or said
    if size is None:
        raise Flaw("no size: neither a picture nor the file tells width and height")
    if min(size) < 1:
        raise Flaw(f"no size: {size[0]} x {size[1]} pixels")
    if said and max(abs(said[0] - size[0]), abs(said[1] - size[1])) > 1:
        raise Flaw(f"another picture: of {said[0]} x {said[1]} pixels, ours has {size[0]} x {size[1]}")
    return size


def _boxes(record: Record, count: int, width: int, height: int) -> NDArray[np.float32]:
    boxes = _floats("boxes", record.boxes, 2)
    if boxes.shape[1] != 4:
        raise Flaw(f"another shape: boxes of {boxes.shape[1]} values, expected 4")
    far = np.array([width, height, width, height], np.float32)
    if record.in_shares:
        boxes = boxes * far
    elif min(width, height) > 2 and count > 1 and boxes.max() <= 1 and boxes.min() >= 0:
        raise Flaw("no pixels: all boxes lie between 0 and 1, probably in shares of the picture")
    excess = np.maximum(-boxes, boxes - far) - np.maximum(_PIXELS, _SHARE * far)
    if excess.max() > 0:
        row = int(excess.max(1).argmax())
        shown = ", ".join(f"{value:.6g}" for value in boxes[row])
        raise Flaw(f"outside: the box {shown} of a picture of {width} x {height} pixels")
    boxes = np.clip(boxes, 0, far)
    if (boxes[:, 2:] < boxes[:, :2]).any():
        raise Flaw("inside out: a box whose second corner lies before its first")
    return boxes


def _best(what: str, named: Named | None, count: int, names: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Each box's best name [N] and its confidence [N]."""
    if not isinstance(named, BestNames):
        table = _table(what, named, count, names)
        labels = table.argmax(1)
        return labels.astype(np.int64), table[np.arange(count), labels]
    check_shape(what, named.ids.dtype, named.ids.shape, "iu")
    confidences = _confidences(what, named.confidences, 1)
    if named.ids.shape != (count,) or len(confidences) != count:
        raise Flaw(f"another number of boxes: {what} of {named.ids.size} and {confidences.size}, features {count}")
    if named.ids.min() < 0 or named.ids.max() >= names:
        wrong = named.ids.min() if named.ids.min() < 0 else named.ids.max()
        raise Flaw(f"no such name: row {wrong} of {names} {what}")
    return named.ids.astype(np.int64), confidences


def _table(what: str, named: Named | None, count: int, names: int) -> NDArray[np.float32]:
    """Confidences [N, names]."""
    if isinstance(named, BestNames):
        labels, confidences = _best(what, named, count, names)
        table = np.zeros((count, names), np.float32)
        table[np.arange(count), labels] = confidences
        return table
    if named is None:
        raise Flaw(f"no names: the file does not say the {what} of its boxes, but a list of them is given")
    table = _confidences(what, named, 2)
    if table.shape == (count, names + 1):
        table = table[:, 1:]  # the background comes first
    if table.shape != (count, names):
        raise Flaw(f"another shape: {what} of {table.shape[0]}x{table.shape[1]}, expected {count}x{names}")
    return table


def _confidences(what: str, values: NDArray, dimensions: int) -> NDArray[np.float32]:
    confidences = _floats(what, values, dimensions)
    if confidences.size and (confidences.min() < -_ROUNDING or confidences.max() > 1 + _ROUNDING):
        raise Flaw(f"no probabilities: {what} from {confidences.min():.3g} to {confidences.max():.3g}")
    return confidences.clip(0, 1)
