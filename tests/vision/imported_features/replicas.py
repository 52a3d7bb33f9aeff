"""Small files of features in the forms that people publish, all of the same four pictures."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from crosscap.vision.detectors.detection import Detections
from crosscap.vision.imported_features.importing import FeatureImport
from crosscap.vision.imported_features.pictures import WantedPicture
from crosscap.vision.imported_features.source import FeatureSource, describe_file

CLASSES = ("dog", "tennis racket", "tree", "man", "shirt")
ATTRIBUTES = ("brown", "tall", "wooden")
WIDTH, HEIGHT, D = 64, 48, 6


@dataclass(frozen=True)
class Seen:
    """What is known of a picture; boxes by falling confidence, so that import keeps their order."""

    id: int
    boxes: NDArray[np.float32]
    features: NDArray[np.float32]
    class_scores: NDArray[np.float32]
    attribute_scores: NDArray[np.float32]

    @property
    def labels(self) -> NDArray[np.int64]:
        return self.class_scores.argmax(1)

    @property
    def scores(self) -> NDArray[np.float32]:
        return self.class_scores.max(1)


def seen(count: int = 4, boxes: int | None = None, size: int = D) -> list[Seen]:
    random = np.random.default_rng(5)
    result = []
    for number in range(count):
        n = boxes or 2 + number % 3
        low = random.uniform(0, 20, (n, 2))
        corners = np.concatenate([low, low + random.uniform(5, 25, (n, 2))], 1).astype(np.float32)
        classes = random.dirichlet(np.ones(len(CLASSES)), n).astype(np.float32)
        classes = classes[np.argsort(-classes.max(1))]
        attributes = random.uniform(0, 1, (n, len(ATTRIBUTES))).astype(np.float32)
        features = random.normal(size=(n, size)).astype(np.float32)
        result.append(Seen(391895 + number, corners, features, classes, attributes))
    return result


def wanted(pictures: Sequence[Seen], split: str = "test") -> list[WantedPicture]:
    return [WantedPicture(p.id, split, f"COCO_val2014_{p.id:012d}.jpg", (WIDTH, HEIGHT)) for p in pictures]


def run(
    layout: str,
    paths: Sequence[Path],
    pictures: Sequence[WantedPicture],
    classes: Sequence[str] = (),
    attributes: Sequence[str] = (),
    max_missing: float = 0.0,
) -> tuple[dict[int, Detections | str], FeatureImport]:
    """Import; what came of each picture by its id."""
    files = tuple(describe_file(str(path)) for path in paths)
    whole = FeatureImport(FeatureSource(layout, files, tuple(classes), tuple(attributes), max_missing), pictures)
    return {image["id"]: found for image, found in whole}, whole


def coded(array: NDArray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def butd_row(picture: Seen, **changes: Any) -> list[Any]:
    row = {
        "image_id": picture.id, "image_w": WIDTH, "image_h": HEIGHT, "num_boxes": len(picture.boxes),
        "boxes": coded(picture.boxes), "features": coded(picture.features),
    }  # fmt: skip
    return list({**row, **changes}.values())


def lxmert_row(picture: Seen) -> list[Any]:
    attributes = picture.attribute_scores
    return [
        *(f"COCO_val2014_{picture.id:012d}", HEIGHT, WIDTH, coded(picture.labels), coded(picture.scores)),
        *(coded(attributes.argmax(1)), coded(attributes.max(1)), len(picture.boxes)),
        *(coded(picture.boxes), coded(picture.features)),
    ]


def write_tsv(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """As the authors' scripts: Python's csv module, tabs between columns, CRLF after lines."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t").writerows(rows)
    path.write_text(text.getvalue(), newline="")
    return path


def write_npz(folder: Path, pictures: Sequence[Seen], **changes: Any) -> Path:
    """As bottom-up-attention.pytorch: plain arrays, and the names in a pickled dictionary."""
    folder.mkdir(exist_ok=True)
    for p in pictures:
        arrays = {
            "x": p.features, "bbox": p.boxes, "num_bbox": len(p.boxes), "image_h": HEIGHT, "image_w": WIDTH,
            "info": np.array({"image_id": p.id, "objects_id": p.labels}, dtype=object),
        }  # fmt: skip
        np.savez_compressed(folder / f"{p.id}.npz", **{**arrays, **changes})
    return folder


def write_cocobu(features: Path, boxes: Path, pictures: Sequence[Seen]) -> tuple[Path, Path]:
    for folder in (features, boxes):
        folder.mkdir(exist_ok=True)
    for p in pictures:
        np.savez_compressed(features / f"{p.id}.npz", feat=p.features)
        np.save(boxes / f"{p.id}.npy", p.boxes)
    return features, boxes


def write_m2(path: Path, pictures: Sequence[Seen], background: bool = True) -> Path:
    with h5py.File(path, "w") as file:
        for p in pictures:
            probabilities = np.concatenate([np.full((len(p.boxes), 1), 0.99), p.class_scores], 1)
            file[f"{p.id}_features"], file[f"{p.id}_boxes"] = p.features, p.boxes
            file[f"{p.id}_cls_prob"] = (probabilities if background else p.class_scores).astype(np.float32)
    return path


def write_adaptive(path: Path, pictures: Sequence[Seen], bb: bool = True) -> tuple[Path, Path]:
    """As bottom-up-attention-vqa's 10 to 100 boxes, with its ids in JSON."""
    stops = np.cumsum([len(p.boxes) for p in pictures])
    boxes = np.concatenate([p.boxes for p in pictures])
    with h5py.File(path, "w") as file:
        file["image_features"] = np.concatenate([p.features for p in pictures])
        if bb:
            file["image_bb"] = boxes
        shares = boxes / np.array([WIDTH, HEIGHT] * 2, np.float32)
        file["spatial_features"] = np.concatenate([shares, shares[:, 2:] - shares[:, :2]], 1)
        file["pos_boxes"] = np.stack([stops - [len(p.boxes) for p in pictures], stops], 1)
    ids = path.with_suffix(".json")
    ids.write_text(json.dumps({str(p.id): row for row, p in enumerate(pictures)}))
    return path, ids


def write_fixed(path: Path, pictures: Sequence[Seen]) -> tuple[Path, Path]:
    """As its 36 boxes of every picture, all but the last two padding; ids as a list."""
    with h5py.File(path, "w") as file:
        most = max(len(p.boxes) for p in pictures)
        for name, width in (("image_features", D), ("image_bb", 4)):
            file[name] = np.zeros((len(pictures), most, width), np.float32)
            for row, p in enumerate(pictures):
                file[name][row, : len(p.boxes)] = p.features if width == D else p.boxes
        file["num_boxes"] = [len(p.boxes) for p in pictures]
    ids = path.with_suffix(".json")
    ids.write_text(json.dumps([p.id for p in pictures]))
    return path, ids
