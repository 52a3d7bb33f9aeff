"""Configurations of detectron2, read as data: its own reader runs the code of YAML tags and downloads bases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosscap.config.loader import read_yaml
from crosscap.errors import InputError
from crosscap.vision.detectors.torchvision_detector import device

_BASE = "_BASE_"
_ROI_HEADS = {
    "StandardROIHeads": "StandardROIHeads",
    "CascadeROIHeads": "CascadeROIHeads",
    "Res5ROIHeads": "Res5ROIHeads",
    # grid-feats-vqa's, which are detectron2's own and an attribute head.
    "AttributeStandardROIHeads": "StandardROIHeads",
    "AttributeRes5ROIHeads": "Res5ROIHeads",
}
"""Heads that a box head's features can be taken from, and what builds them."""


def read_config(path: str | Path) -> dict[str, Any]:
    """The values of a YAML configuration, those of its ``_BASE_`` files below them.

    Raises:
        InputError: missing, no YAML mapping, a tag of another language's objects, a base that is no file of this disk
            or that leads back to itself.
    """
    return _read(Path(path), ())


def _read(path: Path, above: tuple[Path, ...]) -> dict[str, Any]:
    if path.resolve() in above:
        raise InputError(path, f"a {_BASE} that leads back to itself", "a chain of files that ends")
    values = read_yaml(path)
    bases = values.pop(_BASE, [])
    merged: dict[str, Any] = {}
    for base in bases if isinstance(bases, list) else [bases]:
        if not isinstance(base, str) or "://" in base:
            raise InputError(path, f"{_BASE} {base!r}", "a file beside it", "Download it and name the file.")
        _merge(merged, _read(path.parent / Path(base).expanduser(), (*above, path.resolve())))
    _merge(merged, values)
    return merged


def _merge(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _merge(below[key], value)
        else:
            below[key] = value


def complete_config(values: Mapping[str, Any], path: str | Path) -> Any:
    """detectron2's ``CfgNode`` with all defaults, for a network of boxes alone: no masks, no key points.

    ``MODEL.ATTRIBUTE_ON`` and ``MODEL.ROI_ATTRIBUTE_HEAD`` are those of grid-feats-vqa's configurations for Visual
    Genome (Jiang et al. 2020, In Defense of Grid Features).

    Raises:
        InputError: an unknown key, a value of another type, an older version or another kind of network.
    """
    from detectron2.config import CfgNode, get_cfg

    config = get_cfg()
    config.MODEL.ATTRIBUTE_ON = False
    config.MODEL.ROI_ATTRIBUTE_HEAD = CfgNode(
        {"OBJ_EMBED_DIM": 256, "FC_DIM": 512, "NUM_CLASSES": 400, "LOSS_WEIGHT": 0.2}
    )
    config.INPUT.MAX_ATTR_PER_INS = 16
    config.MODEL.RPN.BBOX_LOSS_WEIGHT = config.MODEL.ROI_BOX_HEAD.BBOX_LOSS_WEIGHT = 1.0
    if values.get("VERSION", config.VERSION) != config.VERSION:
        raise InputError(path, f"VERSION {values['VERSION']}", f"VERSION {config.VERSION}")
    try:
        config.merge_from_other_cfg(CfgNode(dict(values)))
    except (KeyError, ValueError, AssertionError, TypeError) as error:
        reason = str(error.args[0] if error.args else error)
        raise InputError(path, reason, "a configuration of detectron2") from None
    if config.MODEL.META_ARCHITECTURE != "GeneralizedRCNN":
        found = f"MODEL.META_ARCHITECTURE {config.MODEL.META_ARCHITECTURE!r}"
        raise InputError(path, found, "'GeneralizedRCNN': others have no box head to take features from")
    if config.MODEL.ROI_HEADS.NAME not in _ROI_HEADS:
        found = f"MODEL.ROI_HEADS.NAME {config.MODEL.ROI_HEADS.NAME!r}"
        raise InputError(path, found, f"one of {', '.join(_ROI_HEADS)}")
    config.MODEL.ROI_HEADS.NAME = _ROI_HEADS[config.MODEL.ROI_HEADS.NAME]
    config.MODEL.MASK_ON = config.MODEL.KEYPOINT_ON = config.MODEL.LOAD_PROPOSALS = False
    config.MODEL.WEIGHTS = ""
    config.MODEL.DEVICE = str(device())
    return config
