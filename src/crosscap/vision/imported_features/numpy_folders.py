"""Folders of NumPy files, one a picture: those of PyTorch's bottom-up attention, and pairs of features and boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from numpy.typing import NDArray

from crosscap.vision.imported_features.numpy_files import Arrays, open_npz, read_npy
from crosscap.vision.imported_features.record import BestNames, Entry, Flaw, Named, Record
from crosscap.vision.imported_features.source import list_files


def read_npz_folders(paths: Sequence[Path]) -> Iterator[Entry]:
    """``FOLDER/IMAGE.npz`` with the arrays ``x`` or ``features``, ``bbox`` or ``boxes``, and what there is of
    ``num_bbox``, ``image_h``, ``image_w``, ``objects_id`` and ``objects_conf`` or ``cls_prob``, ``attrs_id`` and
    ``attrs_conf`` or ``attr_prob``.

    ``info``, a pickled dictionary, is never opened.
    """
    for folder in paths:
        for name in list_files(folder, ".npz"):
            yield Entry(name.removesuffix(".npz"), f"{folder.name}/{name}", partial(_whole_record, folder / name))


def read_paired_folders(paths: Sequence[Path]) -> Iterator[Entry]:
    """Folders of features and of boxes in turn: ``cocobu_att/IMAGE.npz`` with the array ``feat`` and
    ``cocobu_box/IMAGE.npy``, as ImageCaptioning.pytorch makes them."""
    for features, boxes in zip(paths[::2], paths[1::2], strict=True):
        present = set(list_files(boxes, ".npy"))
        for name in list_files(features, ".npz"):
            key = name.removesuffix(".npz")
            pair = features / name, boxes / f"{key}.npy" if f"{key}.npy" in present else None
            yield Entry(key, f"{features.name}/{name}", partial(_paired_record, *pair))


def _whole_record(path: Path) -> Record:
    with open_npz(path) as arrays:
        features, boxes = _array(arrays, "x", "features", "feat"), _array(arrays, "bbox", "boxes")
        if features.ndim == boxes.ndim == 2 and len(features) != len(boxes) == features.shape[1]:
            features = features.T  # OpenVQA writes a box a column
        count, width, height = (_scalar(arrays, name) for name in ("num_bbox", "image_w", "image_h"))
        return Record(
            features=features,
            boxes=boxes,
            size=(width, height) if width is not None and height is not None else None,
            count=count,
            classes=_names(arrays, "objects", "cls_prob"),
            attributes=_names(arrays, "attrs", "attr_prob"),
        )


def _paired_record(features: Path, boxes: Path | None) -> Record:
    if boxes is None:
        raise Flaw("no boxes: there is no .npy file of them")
    with open_npz(features) as arrays:
        return Record(features=_array(arrays, "feat", "features", "x"), boxes=read_npy(boxes))


def _array(arrays: Arrays, *names: str) -> NDArray:
    array = arrays.get(*names)
    if array is None:
        raise Flaw(f"no array of the name: {' or '.join(names)}; there are {', '.join(arrays.names()[:8])}")
    return array


def _scalar(arrays: Arrays, name: str) -> int | None:
    array = arrays.get(name, kinds="iu")
    if array is None:
        return None
    if array.size != 1:
        raise Flaw(f"no whole number: {name}")
    return int(array.reshape(-1)[0])


def _names(arrays: Arrays, best: str, all_of_them: str) -> Named | None:
    ids, confidences = arrays.get(f"{best}_id", kinds="iu"), arrays.get(f"{best}_conf")
    if ids is not None and confidences is not None:
        return BestNames(ids, confidences)
    return arrays.get(all_of_them)
