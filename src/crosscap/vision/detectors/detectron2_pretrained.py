"""The user's own detectron2 configuration and weights become ``models/detector``."""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import save_file

from crosscap.config.detector import DetectorSettings
from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.vision.detectors.detectron2_config import complete_config, read_config
from crosscap.vision.detectors.detectron2_detector import build_detectron2, feature_size, require_detectron2
from crosscap.vision.detectors.label_files import label_names
from crosscap.vision.detectors.store import CARD, WEIGHTS, write_card
from crosscap.vision.detectors.weights import load_weights

_SUPERFLUOUS = ("pixel_", "proposal_generator.anchor_generator.", "roi_heads.mask_", "roi_heads.keypoint_")
"""Constants that old versions saved, and the heads that are left out."""


def adopt_detectron2(
    folder: Path, settings: DetectorSettings, classes: tuple[str, ...], attributes: tuple[str, ...]
) -> None:
    """Check ``settings.config`` and ``settings.pretrained`` and write both into the existing ``folder``.

    Args:
        classes, attributes: names of the annotations, for weights that come without names.

    Raises:
        InputError: detectron2 is not installed; no weights or no configuration are given, or they do not fit each
            other; there are as many outputs as no list of names has.
    """
    require_detectron2()
    if settings.pretrained is None:
        remedy = "Train with detectron2's own tools and name the checkpoint."
        raise InputError("params.yaml", "null", "weights", remedy, "key detector.pretrained")
    path = Path(settings.pretrained)
    known = [classes, _coco_classes()]
    if path.is_dir():
        card = read_json(path / CARD)
        if card.get("backend") != "detectron2":
            raise InputError(path, f"a folder of backend {card.get('backend')!r}", "one of backend 'detectron2'")
        values, origin, weights = card["config"], path / CARD, path / WEIGHTS
        known, attributes = [tuple(card["classes"])], tuple(card["attributes"])
    elif settings.config is None:
        remedy = "Name the YAML file that the weights were trained with."
        raise InputError("params.yaml", "null", "a configuration of detectron2", remedy, "key detector.config")
    else:
        values, origin, weights = read_config(settings.config), Path(settings.config), path
    config = complete_config(values, origin)
    model = build_detectron2(config, origin)
    load_weights(model, weights, lambda name: name.startswith(_SUPERFLUOUS))
    class_names = label_names(weights, "classes", config.MODEL.ROI_HEADS.NUM_CLASSES, known, settings.classes)
    attribute_names: tuple[str, ...] = ()
    if config.MODEL.ATTRIBUTE_ON:
        count = config.MODEL.ROI_ATTRIBUTE_HEAD.NUM_CLASSES
        attribute_names = label_names(weights, "attributes", count, [attributes], settings.attributes)
    save_file({name: value.cpu().contiguous() for name, value in model.state_dict().items()}, folder / WEIGHTS)
    card = {"backend": "detectron2", "classes": class_names, "attributes": attribute_names}
    write_card(folder, {**card, "feature_size": feature_size(model), "config": config, "scores": {}})


def _coco_classes() -> tuple[str, ...]:
    from detectron2.data import MetadataCatalog

    return tuple(name.lower() for name in MetadataCatalog.get("coco_2017_val").thing_classes)
