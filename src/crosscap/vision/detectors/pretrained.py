"""The user's own torchvision weights instead of training."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from torchvision.models.detection import FasterRCNN, FasterRCNN_ResNet50_FPN_Weights

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.vision.detectors.label_files import label_names
from crosscap.vision.detectors.store import CARD, TORCHVISION, WEIGHTS, read_architecture
from crosscap.vision.detectors.torchvision_detector import Architecture, build
from crosscap.vision.detectors.weights import load_weights, read_state

_CLASSES = "roi_heads.box_predictor.cls_score.weight"
_ATTRIBUTES = "roi_heads.attribute_predictor.weight"


def adopt_pretrained(
    path: str | Path,
    architecture: Architecture,
    classes_file: str | Path | None = None,
    attributes_file: str | Path | None = None,
) -> tuple[Architecture, FasterRCNN]:
    """The user's detector: a folder that `save_detector` wrote, or a weights file of ``architecture.backend``.

    Names come from the files (one a line), else from ``architecture`` (the annotations), else from torchvision where
    the weights are its COCO ones.

    Raises:
        InputError: the weights are unreadable or have another number of classes or attributes than there are names.
    """
    path = Path(path)
    if path.is_dir():
        card = read_json(path / CARD)
        if card.get("backend") not in TORCHVISION:
            raise InputError(path, f"a folder of backend {card.get('backend')!r}", f"one of {', '.join(TORCHVISION)}")
        adopted = read_architecture(path / CARD, card)
        model = build(adopted)
        load_weights(model, path / WEIGHTS)
        return adopted, model.eval()
    state = read_state(path)
    if _CLASSES not in state:
        raise InputError(path, f"no tensor {_CLASSES!r}", "the weights of torchvision's Faster R-CNN")
    coco = tuple(name.lower() for name in FasterRCNN_ResNet50_FPN_Weights.COCO_V1.meta["categories"][1:])
    count = state[_CLASSES].shape[0] - 1
    classes = label_names(path, "classes", count, [architecture.classes, coco], classes_file)
    attributes: tuple[str, ...] = ()
    if _ATTRIBUTES in state:
        count = state[_ATTRIBUTES].shape[0]
        attributes = label_names(path, "attributes", count, [architecture.attributes], attributes_file)
    size = state[_CLASSES].shape[1]
    adopted = replace(architecture, classes=classes, attributes=attributes, feature_size=size)
    model = build(adopted)
    load_weights(model, path)
    return adopted, model.eval()
