"""Detectors on disk: ``crosscap.json``, which describes them, and ``model.safetensors``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torchvision.models.detection import FasterRCNN

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.vision.detectors.detection import Detector, NoDetector
from crosscap.vision.detectors.detectron2_detector import load_detectron2
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.torchvision_detector import Architecture, TorchvisionDetector, build, device
from crosscap.vision.detectors.weights import load_weights

CARD, WEIGHTS = "crosscap.json", "model.safetensors"
IMPORTED = "imported"  # the backend of features that another detector computed
TORCHVISION = ("torchvision_small", "torchvision")


@dataclass(frozen=True)
class DetectorDescription:
    """What a detector's output looks like, see `Detector`; no classes: there is no detector."""

    classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    feature_size: int = 0


def save_detector(
    folder: Path, architecture: Architecture, model: FasterRCNN, scores: Mapping[str, Any] | None = None
) -> None:
    """Write the network into the existing ``folder`` as torchvision's state dictionary."""
    state = {name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    save_file(state, folder / WEIGHTS)
    feature_size = model.roi_heads.box_predictor.cls_score.in_features
    write_card(folder, {**asdict(architecture), "feature_size": feature_size, "scores": dict(scores or {})})


def save_no_detector(folder: Path) -> None:
    """The artifact of backend ``none``: the declared files, nothing in them."""
    save_file({}, folder / WEIGHTS)
    write_card(folder, {"backend": "none", **asdict(DetectorDescription()), "scores": {}})


def load_detector(folder: str | Path, limits: DetectionLimits | None = None) -> Detector:
    """Load what stage train_detector wrote.

    Raises:
        InputError: a file is missing, or the weights do not fit the description; the backend's package is missing.
    """
    folder, limits = Path(folder), limits or DetectionLimits()
    card = read_json(folder / CARD)
    if card.get("backend") == "none":
        return NoDetector()
    if card.get("backend") == IMPORTED:
        remedy = "Choose another detector.backend to look at pictures."
        raise InputError(folder / CARD, "imported features", "a detector", remedy)
    if card.get("backend") == "detectron2":
        return load_detectron2(folder / CARD, card, folder / WEIGHTS, limits)
    architecture = read_architecture(folder / CARD, card)
    model = build(architecture)
    load_weights(model, folder / WEIGHTS)
    return TorchvisionDetector(model.to(device()), architecture.classes, limits, architecture.attributes)


def describe_detector(folder: str | Path) -> DetectorDescription:
    """The description of what stage train_detector wrote, without loading its weights."""
    path = Path(folder) / CARD
    card = read_json(path)
    try:
        return DetectorDescription(tuple(card["classes"]), tuple(card["attributes"]), int(card["feature_size"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(path, f"a bad description ({error})", "what train_detector writes") from None


def read_architecture(path: Path, card: Mapping[str, Any]) -> Architecture:
    """The torchvision network that the card at ``path`` describes.

    Raises:
        InputError: a key is missing, or the backend is unknown.
    """
    values: dict[str, Any] = {}
    for name in Architecture.__dataclass_fields__:
        if name not in card:
            raise InputError(path, f"no key {name!r}", "a detector's description")
        values[name] = tuple(card[name]) if isinstance(card[name], list) else card[name]
    if values["backend"] not in TORCHVISION:
        raise InputError(path, f"backend {values['backend']!r}", f"one of {', '.join(TORCHVISION)}")
    return Architecture(**values)


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write ``crosscap.json``; ``classes``, ``attributes`` and ``feature_size`` stand in every backend's."""
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / CARD).write_text(text, encoding="utf-8")
