"""Detectors on disk: our own ``crosscap.json`` + ``model.safetensors``, or the user's weights, by one code path."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from torchvision.models.detection import FasterRCNN, FasterRCNN_ResNet50_FPN_Weights

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.vision.detectors.detection import Detector, NoDetector
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.torchvision_detector import Architecture, TorchvisionDetector, build, device

_HEAD = "roi_heads.box_predictor.cls_score.weight"
_ATTRIBUTES = "roi_heads.attribute_predictor.weight"
_CARD = "crosscap.json"
_WEIGHTS = "model.safetensors"


def save_detector(
    folder: Path, architecture: Architecture, model: FasterRCNN, scores: Mapping[str, Any] | None = None
) -> None:
    """Write the network into the existing ``folder`` as torchvision's state dictionary."""
    state = {name: value.detach().cpu().contiguous() for name, value in model.state_dict().items()}
    save_file(state, folder / _WEIGHTS)
    card = {**asdict(architecture), "feature_size": state[_HEAD].shape[1], "scores": dict(scores or {})}
    _write_card(folder, card)


def save_no_detector(folder: Path) -> None:
    """The artifact of backend ``none``: the declared files, nothing in them."""
    save_file({}, folder / _WEIGHTS)
    _write_card(folder, {"backend": "none", "classes": [], "scores": {}})


def load_detector(folder: str | Path, limits: DetectionLimits | None = None) -> Detector:
    """Load what `save_detector` wrote.

    Raises:
        InputError: a file is missing, or the weights do not fit the description.
    """
    card = read_json(Path(folder) / _CARD)
    if card.get("backend") == "none":
        return NoDetector()
    architecture = _architecture(Path(folder) / _CARD, card)
    model = build(architecture)
    load_weights(model, Path(folder) / _WEIGHTS)
    limits = limits or DetectionLimits()
    return TorchvisionDetector(model.to(device()), architecture.classes, limits, architecture.attributes)


@dataclass(frozen=True)
class DetectorDescription:
    """What a detector's output looks like, see `Detector`; no classes: there is no detector."""

    classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    feature_size: int = 0


def describe_detector(folder: str | Path) -> DetectorDescription:
    """The description of what `save_detector` wrote, without loading its weights."""
    card = read_json(Path(folder) / _CARD)
    if card.get("backend") == "none":
        return DetectorDescription()
    architecture = _architecture(Path(folder) / _CARD, card)
    return DetectorDescription(architecture.classes, architecture.attributes, architecture.feature_size)


def load_weights(model: FasterRCNN, path: Path) -> None:
    """Load a state dictionary into ``model``; names and shapes must be the same.

    Raises:
        InputError: see `read_state`; or another network's weights (the first difference is named).
    """
    state, own = read_state(path), model.state_dict()
    missing, unknown = sorted(set(own) - set(state)), sorted(set(state) - set(own))
    if missing or unknown:
        found = f"no tensor {missing[0]!r}" if missing else f"a tensor {unknown[0]!r}"
        raise InputError(path, found, "the weights of this architecture", "Check detector.backend.")
    for name, value in own.items():
        if state[name].shape != value.shape:
            found, expected = f"{name} of shape {list(state[name].shape)}", f"shape {list(value.shape)}"
            raise InputError(path, found, expected, "Check the sizes and the number of classes.")
    model.load_state_dict(state)


def read_state(path: Path) -> dict[str, Tensor]:
    """Tensors of a ``.safetensors`` or PyTorch file, never running code from it.

    Raises:
        InputError: missing, another format, or a file that holds more than tensors.
    """
    if not path.is_file():
        raise InputError(path, "no such file", "detector weights (.safetensors, .pt, .pth)")
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, RuntimeError, pickle.UnpicklingError, EOFError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(path, f"unreadable weights ({reason})", "a state dictionary of tensors") from None
    if isinstance(state, dict) and isinstance(state.get("model"), dict):
        state = state["model"]
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise InputError(path, "other things than tensors", "a state dictionary of tensors")
    return state


def adopt_pretrained(
    path: str | Path, architecture: Architecture, classes_file: str | Path | None
) -> tuple[Architecture, FasterRCNN]:
    """The user's detector: a folder that `save_detector` wrote, or a weights file of ``architecture.backend``.

    Class names come from ``classes_file`` (one a line), else from torchvision where the weights are its COCO ones,
    else from ``architecture`` (the annotations).

    Raises:
        InputError: the weights are unreadable or have another number of classes than there are names.
    """
    path = Path(path)
    if path.is_dir():
        detector = load_detector(path)
        if not isinstance(detector, TorchvisionDetector):
            raise InputError(path, "a folder of backend 'none'", "a trained detector")
        return _architecture(path / _CARD, read_json(path / _CARD)), detector.model.cpu()
    state = read_state(path)
    if _HEAD not in state:
        raise InputError(path, f"no tensor {_HEAD!r}", "the weights of torchvision's Faster R-CNN")
    count = state[_HEAD].shape[0] - 1
    classes = _class_names(path, count, architecture.classes, classes_file)
    attributes = architecture.attributes if _ATTRIBUTES in state else ()
    adopted = replace(architecture, classes=classes, attributes=attributes, feature_size=state[_HEAD].shape[1])
    model = build(adopted)
    load_weights(model, path)
    return adopted, model.eval()


def _class_names(
    path: Path, count: int, annotated: tuple[str, ...], classes_file: str | Path | None
) -> tuple[str, ...]:
    if classes_file is not None:
        try:
            lines = Path(classes_file).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            raise InputError(classes_file, "no such file", "class names, one a line") from None
        except UnicodeDecodeError as error:
            raise InputError(classes_file, f"byte {error.object[error.start]:#04x}", "UTF-8 text") from None
        names = tuple(line.strip().lower() for line in lines if line.strip())
        if len(names) != count:
            raise InputError(classes_file, f"{len(names)} names", f"{count}, as many as {path} has classes")
        return names
    if count == len(annotated):
        return annotated
    coco = tuple(name.lower() for name in FasterRCNN_ResNet50_FPN_Weights.COCO_V1.meta["categories"][1:])
    if count == len(coco):
        return coco
    raise InputError(path, f"{count} classes", f"{len(annotated)} as annotated", "Name them in detector.classes.")


def _architecture(path: Path, card: dict[str, Any]) -> Architecture:
    values: dict[str, Any] = {}
    for name in Architecture.__dataclass_fields__:
        if name not in card:
            raise InputError(path, f"no key {name!r}", "a detector's description")
        values[name] = tuple(card[name]) if isinstance(card[name], list) else card[name]
    return Architecture(**values)


def _write_card(folder: Path, card: Mapping[str, Any]) -> None:
    text = json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / _CARD).write_text(text, encoding="utf-8")
