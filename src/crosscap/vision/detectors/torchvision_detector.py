"""torchvision's Faster R-CNN: a small one for the storybook, and ResNet-50 FPN for the user's weights."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN, fasterrcnn_resnet50_fpn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.rpn import RPNHead
from torchvision.models.detection.transform import resize_boxes
from torchvision.ops import MultiScaleRoIAlign, nms

from crosscap.vision.detectors.detection import Boxes, Detections, Detector, Sight, nothing
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.images import Picture

Maps = OrderedDict[str, Tensor]
"""Feature maps by name."""

_POOLED = 6
"""Cells of a pooled box, each way."""


@dataclass(frozen=True)
class Architecture:
    """What must be known to build the network again, saved beside its weights.

    Attributes:
        backend: ``torchvision_small`` or ``torchvision``.
        classes: names of the labels, without background.
        short_side, long_side: pictures are resized to this short side, the long one at most ``long_side`` pixels.
        anchors: side lengths in pixels (of the resized picture); small backend only.
        channels: of the backbone's last layers; small backend only.
        feature_size: D, width of the box head; small backend only (ResNet-50 FPN: 1024).
        attributes: names of what the attribute head says; no names, no head.
    """

    backend: str
    classes: tuple[str, ...]
    short_side: int
    long_side: int
    anchors: tuple[int, ...]
    channels: int
    feature_size: int
    attributes: tuple[str, ...] = ()


def device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class SmallBackbone(nn.Module):
    """Six convolutions: [B, 3, H, W] -> ``coarse`` [B, C, H/8, W/8], which proposals come from, and ``fine``
    [B, C, H/4, W/4], which box features are pooled from: glasses on a nose are but two coarse cells.

    Batch normalisation: on a CPU it is twice as fast as group normalisation, and batches of 6 pictures are enough.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        narrow, middle = channels // 4, channels // 2
        self.stem = nn.Sequential(*_layer(3, narrow, 2), *_layer(narrow, middle, 2), *_layer(middle, middle, 1))
        self.body = nn.Sequential(
            *_layer(middle, channels, 2), *_layer(channels, channels, 1), *_layer(channels, channels, 1)
        )
        self.lateral = nn.Conv2d(middle, channels, 1)
        self.out_channels = channels  # FasterRCNN reads it
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, images: Tensor) -> OrderedDict[str, Tensor]:
        details = self.stem(images)
        coarse = self.body(details)
        raised = nn.functional.interpolate(coarse, size=details.shape[-2:], mode="nearest")
        return OrderedDict(coarse=coarse, fine=raised + self.lateral(details))


def _layer(inner: int, outer: int, stride: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(inner, outer, 3, stride, 1, bias=False), nn.BatchNorm2d(outer), nn.ReLU(inplace=True)


class CoarseAnchors(AnchorGenerator):
    """Anchors on the first map alone."""

    def forward(self, image_list: ImageList, feature_maps: list[Tensor]) -> list[Tensor]:
        return super().forward(image_list, feature_maps[:1])


class CoarseHead(RPNHead):
    """Proposals from the first map alone."""

    def forward(self, x: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        return super().forward(x[:1])


def build(architecture: Architecture) -> FasterRCNN:
    """The network with random weights; labels are shifted by one for torchvision's background 0."""
    sizes = {"min_size": architecture.short_side, "max_size": architecture.long_side}
    if architecture.backend == "torchvision":
        count = len(architecture.classes) + 1
        model = fasterrcnn_resnet50_fpn(weights=None, weights_backbone=None, num_classes=count, **sizes)
    else:
        model = _build_small(architecture, sizes)
    if architecture.attributes:
        inner = model.roi_heads.box_predictor.cls_score.in_features
        model.roi_heads.attribute_predictor = nn.Linear(inner, len(architecture.attributes))
    return model


def _build_small(architecture: Architecture, sizes: dict[str, int]) -> FasterRCNN:
    anchors = CoarseAnchors((architecture.anchors,), ((0.5, 1.0, 2.0),))
    pool = MultiScaleRoIAlign(["fine"], output_size=_POOLED, sampling_ratio=2)
    return FasterRCNN(
        SmallBackbone(architecture.channels),
        image_mean=[0.5] * 3,
        image_std=[0.25] * 3,
        rpn_anchor_generator=anchors,
        rpn_head=CoarseHead(architecture.channels, anchors.num_anchors_per_location()[0]),
        box_roi_pool=pool,
        box_head=TwoMLPHead(architecture.channels * _POOLED**2, architecture.feature_size),
        box_predictor=FastRCNNPredictor(architecture.feature_size, len(architecture.classes) + 1),
        # A drawn scene has about ten boxes: fewer proposals than torchvision's 2,000 lose nothing and save time.
        rpn_pre_nms_top_n_train=400,
        rpn_post_nms_top_n_train=150,
        rpn_pre_nms_top_n_test=300,
        rpn_post_nms_top_n_test=100,
        rpn_batch_size_per_image=96,
        box_batch_size_per_image=64,
        box_positive_fraction=0.5,
        **sizes,
    )


def to_tensor(picture: Picture, place: torch.device | None = None) -> Tensor:
    """[H, W, 3] bytes -> [3, H, W] floats in 0..1."""
    return torch.from_numpy(picture).to(place or torch.device("cpu")).permute(2, 0, 1).float().div_(255)


class TorchvisionDetector(Detector):
    """A Faster R-CNN behind the `Detector` interface."""

    def __init__(
        self, model: FasterRCNN, classes: tuple[str, ...], limits: DetectionLimits, attributes: tuple[str, ...] = ()
    ) -> None:
        self.model = model.eval()
        self.classes, self.attributes = classes, attributes
        self.feature_size = int(model.roi_heads.box_predictor.cls_score.in_features)
        self.limits = limits
        heads = model.roi_heads
        heads.score_thresh, heads.nms_thresh = limits.score_threshold, limits.nms_iou
        heads.detections_per_img = 4 * limits.max_objects

    @torch.inference_mode()
    def look(self, pictures: Sequence[Picture]) -> Sight:
        if not pictures:
            return Sight(list, lambda boxes: [])
        place = next(self.model.parameters()).device
        images, _ = self.model.transform([to_tensor(picture, place) for picture in pictures])
        maps = feature_maps(self.model, images)
        sizes = [(picture.shape[0], picture.shape[1]) for picture in pictures]
        return Sight(partial(self._find, maps, images, sizes), partial(self._pool, maps, images, sizes))

    @torch.inference_mode()
    def _find(self, maps: Maps, images: ImageList, sizes: list[tuple[int, int]]) -> list[Detections]:
        proposals, _ = self.model.rpn(images, maps)
        found, _ = self.model.roi_heads(maps, proposals, images.image_sizes)
        for detections in found:
            keep = nms(detections["boxes"], detections["scores"], self.limits.duplicate_iou)
            keep = keep[: self.limits.max_objects]
            for key in detections:
                detections[key] = detections[key][keep]
        features = self._features(maps, [detections["boxes"] for detections in found], images)
        found = self.model.transform.postprocess(found, images.image_sizes, sizes)
        return [
            Detections(
                boxes=detections["boxes"].float().cpu().numpy(),
                labels=detections["labels"].cpu().numpy() - 1,
                scores=detections["scores"].float().cpu().numpy(),
                features=some.float().cpu().numpy(),
                attribute_scores=self._attribute_scores(some),
            )
            if len(some)
            else nothing(self.feature_size, len(self.attributes))
            for detections, some in zip(found, features, strict=True)
        ]

    @torch.inference_mode()
    def _pool(
        self, maps: Maps, images: ImageList, sizes: list[tuple[int, int]], boxes: Boxes
    ) -> list[NDArray[np.float32]]:
        scaled = [
            resize_boxes(torch.from_numpy(some).to(images.tensors.device), before, after)
            for some, before, after in zip(boxes, sizes, images.image_sizes, strict=True)
        ]
        return [some.float().cpu().numpy() for some in self._features(maps, scaled, images)]

    def _features(self, maps: Maps, boxes: list[Tensor], images: ImageList) -> tuple[Tensor, ...]:
        heads = self.model.roi_heads
        pooled = heads.box_head(heads.box_roi_pool(maps, boxes, images.image_sizes))
        return pooled.split([len(some) for some in boxes])

    def _attribute_scores(self, features: Tensor) -> NDArray[np.float32]:
        if not self.attributes:
            return np.zeros((len(features), 0), np.float32)
        return self.model.roi_heads.attribute_predictor(features).sigmoid().float().cpu().numpy()


def feature_maps(model: FasterRCNN, images: ImageList) -> Maps:
    """The backbone's maps by name, also when it gives only one."""
    maps = model.backbone(images.tensors)
    return OrderedDict([("0", maps)]) if isinstance(maps, Tensor) else maps
