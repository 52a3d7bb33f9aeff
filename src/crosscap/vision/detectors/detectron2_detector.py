"""detectron2's R-CNNs: any configuration and weights, with Visual Genome's attribute head where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torchvision.ops import nms

from crosscap.errors import InputError
from crosscap.vision.detectors.detection import Boxes, Detections, Detector, Sight
from crosscap.vision.detectors.detectron2_config import complete_config
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.weights import load_weights
from crosscap.vision.images import Picture

Maps = Mapping[str, Tensor]
"""Feature maps by name."""


def require_detectron2() -> None:
    """Raise `InputError` where detectron2 is not installed."""
    try:
        import detectron2.modeling  # noqa: F401
    except ImportError as error:
        remedy = "Build it as docs/detectron2.md says, or choose another detector.backend."
        raise InputError("detector.backend", f"'detectron2', but {error}", "the package detectron2", remedy) from None


class AttributePredictor(nn.Module):
    """Attributes of a box from its features and its class, with the parameter names of grid-feats-vqa.

    Shapes: N boxes, D features, A attributes. Each box's scores sum to 1 (softmax, as Anderson et al. 2018 train).
    """

    def __init__(self, features: int, classes: int, embedding: int, hidden: int, attributes: int) -> None:
        super().__init__()
        self.obj_embed = nn.Embedding(classes + 1, embedding)
        self.fc = nn.Sequential(nn.Linear(features + embedding, hidden), nn.ReLU())
        self.attr_score = nn.Linear(hidden, attributes)

    def forward(self, features_ND: Tensor, labels_N: Tensor) -> Tensor:
        """Scores [N, A]."""
        return self.attr_score(self.fc(torch.cat([features_ND, self.obj_embed(labels_N)], 1))).softmax(1)


def build_detectron2(config: Any, path: str | Path) -> nn.Module:
    """The network of a complete configuration, with random weights.

    Raises:
        InputError: a part that detectron2 does not have, or that does not fit the others; ``path`` is named.
    """
    from detectron2.modeling import build_model

    try:
        model = build_model(config)
    except (KeyError, AssertionError, ValueError, TypeError) as error:
        raise InputError(path, f"a network that cannot be built ({error})", "a configuration of detectron2") from None
    if model.proposal_generator is None:
        raise InputError(path, "no proposal generator", "a network that finds objects by itself")
    if config.MODEL.ATTRIBUTE_ON:
        head, classes = config.MODEL.ROI_ATTRIBUTE_HEAD, config.MODEL.ROI_HEADS.NUM_CLASSES
        sizes = (classes, head.OBJ_EMBED_DIM, head.FC_DIM, head.NUM_CLASSES)
        model.roi_heads.attribute_predictor = AttributePredictor(feature_size(model), *sizes)
    return model.to(config.MODEL.DEVICE).eval()


def feature_size(model: Any) -> int:
    """D: what the (last) box predictor takes."""
    return int(_stages(model.roi_heads.box_predictor)[-1].cls_score.in_features)


def _stages(module: Any) -> list[Any]:
    """A cascade's heads are lists, others' are one."""
    return list(module) if isinstance(module, nn.ModuleList) else [module]


def load_detectron2(
    card_path: Path, card: Mapping[str, Any], weights: Path, limits: DetectionLimits
) -> Detectron2Detector:
    """Load what `crosscap.vision.detectors.detectron2_pretrained.adopt_detectron2` wrote.

    Raises:
        InputError: detectron2 is not installed; or the card or the weights are damaged.
    """
    require_detectron2()
    try:
        values, classes, attributes = dict(card["config"]), tuple(card["classes"]), tuple(card["attributes"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(card_path, f"a bad description ({error})", "what train_detector writes") from None
    config = complete_config(values, card_path)
    model = build_detectron2(config, card_path)
    load_weights(model, weights)
    return Detectron2Detector(model, config, classes, limits, attributes)


class Detectron2Detector(Detector):
    """A network of `build_detectron2` behind the `Detector` interface, fed as detectron2's own predictor feeds it."""

    def __init__(
        self,
        model: Any,
        config: Any,
        classes: tuple[str, ...],
        limits: DetectionLimits,
        attributes: tuple[str, ...] = (),
    ) -> None:
        from detectron2.data.transforms import ResizeShortestEdge

        self.model, self.classes, self.attributes, self.limits = model.eval(), classes, attributes, limits
        self.feature_size = feature_size(model)
        self.channels = slice(None, None, -1 if config.INPUT.FORMAT == "BGR" else 1)
        self.resize = ResizeShortestEdge([config.INPUT.MIN_SIZE_TEST] * 2, config.INPUT.MAX_SIZE_TEST)
        for predictor in _stages(model.roi_heads.box_predictor):
            predictor.test_score_thresh, predictor.test_nms_thresh = limits.score_threshold, limits.nms_iou
            predictor.test_topk_per_image = 4 * limits.max_objects

    @torch.inference_mode()
    def look(self, pictures: Sequence[Picture]) -> Sight:
        if not pictures:
            return Sight(list, lambda boxes: [])
        images = self.model.preprocess_image([{"image": self._to_tensor(picture)} for picture in pictures])
        maps = self.model.backbone(images.tensor)
        sizes = [(picture.shape[0], picture.shape[1]) for picture in pictures]
        return Sight(partial(self._find, maps, images, sizes), partial(self._pool, maps, images, sizes))

    def _to_tensor(self, picture: Picture) -> Tensor:
        values = picture[:, :, self.channels]
        values = self.resize.get_transform(values).apply_image(values)
        return torch.from_numpy(values.astype(np.float32).transpose(2, 0, 1))

    @torch.inference_mode()
    def _find(self, maps: Maps, images: Any, sizes: list[tuple[int, int]]) -> list[Detections]:
        from detectron2.modeling.postprocessing import detector_postprocess

        proposals, _ = self.model.proposal_generator(images, maps, None)
        found, _ = self.model.roi_heads(images, maps, proposals, None)
        found = [some[self._without_duplicates(some)] for some in found]
        features = self._features(maps, [some.pred_boxes for some in found])
        detections = []
        for some, rows, (height, width) in zip(found, features, sizes, strict=True):
            some.features, some.attribute_scores = rows, self._attribute_scores(rows, some.pred_classes)
            some = detector_postprocess(some, height, width)
            detections.append(
                Detections(
                    boxes=some.pred_boxes.tensor.float().cpu().numpy(),
                    labels=some.pred_classes.cpu().numpy(),
                    scores=some.scores.float().cpu().numpy(),
                    features=some.features.float().cpu().numpy(),
                    attribute_scores=some.attribute_scores.float().cpu().numpy(),
                )
            )
        return detections

    def _without_duplicates(self, found: Any) -> Tensor:
        keep = nms(found.pred_boxes.tensor, found.scores, self.limits.duplicate_iou)
        return keep[: self.limits.max_objects]

    @torch.inference_mode()
    def _pool(self, maps: Maps, images: Any, sizes: list[tuple[int, int]], boxes: Boxes) -> list[NDArray[np.float32]]:
        from detectron2.structures import Boxes as NetworkBoxes

        scaled = []
        for some, (height, width), (new_height, new_width) in zip(boxes, sizes, images.image_sizes, strict=True):
            factors = torch.tensor([new_width / width, new_height / height] * 2)
            scaled.append(NetworkBoxes((torch.from_numpy(some) * factors).to(images.tensor.device)))
        return [rows.float().cpu().numpy() for rows in self._features(maps, scaled)]

    def _features(self, maps: Maps, boxes: list[Any]) -> tuple[Tensor, ...]:
        """What the box head gives for boxes in pixels of the resized pictures, [N, D] a picture."""
        heads = self.model.roi_heads
        chosen = [maps[name] for name in heads.in_features]
        if hasattr(heads, "res5"):
            rows = heads.res5(heads.pooler(chosen, boxes)).mean((2, 3))
        else:
            rows = _stages(heads.box_head)[-1](heads.box_pooler(chosen, boxes)).flatten(1)
        return rows.split([len(some) for some in boxes])

    def _attribute_scores(self, features: Tensor, labels: Tensor) -> Tensor:
        if not self.attributes:
            return features.new_zeros(len(features), 0)
        return self.model.roi_heads.attribute_predictor(features, labels)
