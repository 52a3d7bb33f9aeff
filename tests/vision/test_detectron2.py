"""The adapter against detectron2 itself: the same weights, the same pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

from crosscap.config.detector import DetectorSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_directory
from crosscap.training.seed import seed_everything
from crosscap.vision.annotations.annotated_images import read_annotations
from crosscap.vision.detectors.detectron2_pretrained import adopt_detectron2
from crosscap.vision.detectors.limits import DetectionLimits
from crosscap.vision.detectors.store import describe_detector, load_detector
from crosscap.vision.images import Picture
from crosscap.vision.picture_source import PictureSource

pytest.importorskip("detectron2", reason="detectron2 is not installed: docs/detectron2.md says how to build it")

ROOT = Path(__file__).parents[2]
NAMES = ("ball", "box", "ground")
ATTRIBUTES = ("red", "blue", "round", "large")
LIMITS = DetectionLimits(score_threshold=0.02, nms_iou=0.5, duplicate_iou=1.0, max_objects=100)
ARCHITECTURES = {
    "fpn": "COCO-Detection/faster_rcnn_R_50_FPN_1x.yaml",
    "c4": "COCO-Detection/faster_rcnn_R_50_C4_1x.yaml",
    "cascade": "Misc/cascade_mask_rcnn_R_50_FPN_1x.yaml",
}
ATTRIBUTE_HEADS = {"fpn": "AttributeStandardROIHeads", "c4": "AttributeRes5ROIHeads"}


@pytest.fixture(scope="module")
def pictures(shapes: Path) -> list[Picture]:
    images = read_annotations(shapes / "annotations/instances_test.json").images
    source = PictureSource(shapes / "images/test", images)
    # Another shape, too, so that a batch is padded.
    return [source[0], source[1], np.ascontiguousarray(source[2][:, :40])]


class Trained:
    """A checkpoint as detectron2 writes it, its configuration as a user's file, and detectron2's own network."""

    def __init__(self, folder: Path, kind: str, attributes: bool) -> None:
        from detectron2.checkpoint import DetectionCheckpointer
        from detectron2.config import get_cfg
        from detectron2.model_zoo import get_config_file
        from detectron2.modeling import build_model

        changes: dict[str, Any] = {
            "MODEL": {"ROI_HEADS": {"NUM_CLASSES": 3}, "RPN": {"POST_NMS_TOPK_TEST": 60}, "DEVICE": "cpu"},
            "INPUT": {"MIN_SIZE_TEST": 96, "MAX_SIZE_TEST": 160},
        }
        self.config = get_cfg()
        self.config.merge_from_file(get_config_file(ARCHITECTURES[kind]))
        _update(self.config, changes)
        _update(
            self.config,
            {
                "MODEL": {"ROI_HEADS": {"SCORE_THRESH_TEST": 0.02, "NMS_THRESH_TEST": 0.5}, "WEIGHTS": ""},
                "TEST": {"DETECTIONS_PER_IMAGE": 400},
            },
        )
        seed_everything(5)
        self.model = build_model(self.config).eval()
        _tame(self.model)
        self.folder, self.config.MODEL.WEIGHTS = folder, str(folder / "model_final.pth")
        if attributes:
            changes["MODEL"] |= {
                "ATTRIBUTE_ON": True,
                "ROI_ATTRIBUTE_HEAD": {"NUM_CLASSES": 4, "FC_DIM": 12, "OBJ_EMBED_DIM": 6},
            }
            changes["MODEL"]["ROI_HEADS"]["NAME"] = ATTRIBUTE_HEADS[kind]
            (folder / "attributes.txt").write_text("\n".join(ATTRIBUTES))
            self.head = AttributeHead(self.feature_size)
            self.model.roi_heads.attribute_predictor = self.head
        DetectionCheckpointer(self.model, str(folder)).save("model_final", iteration=7)
        base = {"_BASE_": get_config_file(ARCHITECTURES[kind])}
        (folder / "own.yaml").write_text(yaml.safe_dump({**base, **changes}))

    @property
    def feature_size(self) -> int:
        predictor = self.model.roi_heads.box_predictor
        return (predictor[-1] if isinstance(predictor, torch.nn.ModuleList) else predictor).cls_score.in_features

    def adopt(self, **changes: Any) -> Path:
        """The artifact that the stage makes of it."""
        values = read_yaml(ROOT / "params.yaml")["detector"]
        values |= {"backend": "detectron2", "pretrained": str(self.folder / "model_final.pth")}
        values |= {"config": str(self.folder / "own.yaml"), **changes}
        if (self.folder / "attributes.txt").exists():
            values["attributes"] = str(self.folder / "attributes.txt")
        settings = validate_section(DetectorSettings, "detector", values, "params.yaml")
        with atomic_directory(self.folder / "artifact") as folder:
            adopt_detectron2(folder, settings, NAMES, ())
        return self.folder / "artifact"


class AttributeHead(torch.nn.Module):
    """The layers of grid-feats-vqa's attribute head, written anew."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.obj_embed = torch.nn.Embedding(len(NAMES) + 1, 6)
        self.fc = torch.nn.Sequential(torch.nn.Linear(size + 6, 12), torch.nn.ReLU())
        self.attr_score = torch.nn.Linear(12, len(ATTRIBUTES))


def _tame(model: torch.nn.Module) -> None:
    """Random weights that neither blow up with depth nor say the same of every box."""
    for name, value in model.state_dict().items():
        if name.endswith("stem.conv1.norm.weight"):
            value *= 0.02  # pixels come in 0..255
        elif name.endswith("conv3.norm.weight"):
            value *= 0.2
        elif name.endswith(("cls_score.weight", "objectness_logits.weight")):
            value *= 3
        elif name.endswith(("bbox_pred.weight", "anchor_deltas.weight")):
            value *= 10


def _update(config: Any, values: dict[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, dict):
            _update(config[key], value)
        else:
            config[key] = value


@pytest.fixture
def trained(tmp_path: Path) -> Callable[..., Trained]:
    def make(kind: str, attributes: bool = False) -> Trained:
        return Trained(tmp_path, kind, attributes)

    return make


@pytest.mark.parametrize(("kind", "attributes"), [("fpn", False), ("fpn", True), ("c4", True), ("cascade", False)])
def test_boxes_classes_and_scores_are_those_of_detectron2s_predictor(
    trained: Callable[..., Trained], pictures: list[Picture], kind: str, attributes: bool
) -> None:
    from detectron2.engine import DefaultPredictor

    theirs = trained(kind, attributes)
    predictor = DefaultPredictor(theirs.config)
    detector = load_detector(theirs.adopt(), LIMITS)
    assert detector.classes == NAMES and detector.attributes == (ATTRIBUTES if attributes else ())
    for picture in pictures:
        wanted = predictor(picture[:, :, ::-1])["instances"][: LIMITS.max_objects]
        (found,) = detector.detect([picture])
        assert len(found) == len(wanted) > 5
        np.testing.assert_allclose(found.boxes, wanted.pred_boxes.tensor.numpy(), atol=1e-3)
        np.testing.assert_array_equal(found.labels, wanted.pred_classes.numpy())
        np.testing.assert_allclose(found.scores, wanted.scores.numpy(), atol=1e-5)
        assert len(np.unique(found.labels)) > 1 and np.ptp(found.scores) > 0.01


@pytest.mark.parametrize("kind", ["fpn", "c4"])
def test_features_and_attributes_are_those_of_the_networks_own_heads(
    trained: Callable[..., Trained], pictures: list[Picture], kind: str
) -> None:
    from detectron2.data.transforms import ResizeShortestEdge
    from detectron2.structures import Boxes

    theirs = trained(kind, attributes=True)
    heads = theirs.model.roi_heads
    detector = load_detector(theirs.adopt(), LIMITS)
    picture = pictures[2]
    sight = detector.look([picture])
    (found,) = sight.detections
    assert found.features.shape == (len(found), detector.feature_size) == (len(found), theirs.feature_size)
    with torch.no_grad():
        image = ResizeShortestEdge([96, 96], 160).get_transform(picture).apply_image(picture[:, :, ::-1])
        tensor = torch.as_tensor(image.astype("float32").transpose(2, 0, 1))
        images = theirs.model.preprocess_image([{"image": tensor}])
        maps = theirs.model.backbone(images.tensor)
        boxes = Boxes(torch.tensor(found.boxes))
        boxes.scale(image.shape[1] / picture.shape[1], image.shape[0] / picture.shape[0])
        if kind == "fpn":
            features = heads.box_head(heads.box_pooler([maps[name] for name in heads.box_in_features], [boxes]))
        else:
            features = heads._shared_roi_transform([maps["res4"]], [boxes]).mean(dim=[2, 3])
        embedded = theirs.head.obj_embed(torch.from_numpy(found.labels))
        logits = theirs.head.attr_score(theirs.head.fc(torch.cat((features, embedded), dim=1)))
    scale = float(features.abs().max())
    np.testing.assert_allclose(found.features / scale, features.numpy() / scale, atol=1e-4)
    np.testing.assert_allclose(found.attribute_scores, logits.softmax(-1).numpy(), atol=1e-3)
    assert np.ptp(found.attribute_scores, 0).max() > 1e-4
    before = found.boxes.copy()
    (given,) = sight.box_features([found.boxes])
    np.testing.assert_array_equal(found.boxes, before)
    np.testing.assert_allclose(given / scale, found.features / scale, atol=1e-4)
    np.testing.assert_array_equal(detector.box_features([picture], [found.boxes])[0], given)


def test_a_batch_says_of_each_picture_what_it_says_alone(
    trained: Callable[..., Trained], pictures: list[Picture]
) -> None:
    detector = load_detector(trained("fpn").adopt(), LIMITS)
    together = detector.box_features(
        pictures[:2], [np.array([[2, 3, 30, 40]], np.float32), np.zeros((0, 4), np.float32)]
    )
    assert [some.shape for some in together] == [(1, 1024), (0, 1024)]
    for picture, some in zip(pictures[:2], detector.detect(pictures[:2]), strict=True):
        (alone,) = detector.detect([picture])
        np.testing.assert_allclose(some.boxes, alone.boxes, atol=1e-2)
        np.testing.assert_array_equal(some.labels, alone.labels)


def test_an_artifact_needs_nothing_else_and_can_be_adopted_again(
    trained: Callable[..., Trained], pictures: list[Picture], tmp_path: Path
) -> None:
    theirs = trained("fpn")
    folder = theirs.adopt()
    assert sorted(path.name for path in folder.iterdir()) == ["crosscap.json", "model.safetensors"]
    description = describe_detector(folder)
    assert (description.classes, description.feature_size) == (NAMES, 1024)
    (before,) = load_detector(folder, LIMITS).detect(pictures[:1])
    folder.rename(tmp_path / "brought")
    for name in ("own.yaml", "model_final.pth"):
        (tmp_path / name).unlink()
    again = theirs.adopt(pretrained=str(tmp_path / "brought"), config=None)
    (after,) = load_detector(again, LIMITS).detect(pictures[:1])
    for name, array in vars(before).items():
        np.testing.assert_array_equal(getattr(after, name), array)


def test_configs_and_weights_that_do_not_fit_are_named(trained: Callable[..., Trained], tmp_path: Path) -> None:
    theirs = trained("fpn")
    good = (tmp_path / "own.yaml").read_text()
    for text, message in (
        ("MODEL: {RPM: {A: 1}}\n", "own.yaml: found .*MODEL.RPM"),
        ("MODEL: {RESNETS: {DEPTH: fifty}}\n", "own.yaml: found "),
        ("MODEL: {META_ARCHITECTURE: RetinaNet}\n", "found MODEL.META_ARCHITECTURE 'RetinaNet'"),
        ("MODEL: {ROI_HEADS: {NAME: RROIHeads}}\n", "found MODEL.ROI_HEADS.NAME 'RROIHeads'"),
        ("VERSION: 1\n", "own.yaml: found VERSION 1, expected VERSION 2"),
        ("MODEL: {BACKBONE: {NAME: build_nothing}}\n", "own.yaml: found a network that cannot be built"),
        (good.replace("NUM_CLASSES: 3", "NUM_CLASSES: 4"), "box_predictor.*shape"),
    ):
        (tmp_path / "own.yaml").write_text(text)
        with pytest.raises(InputError, match=message):
            theirs.adopt()
    (tmp_path / "own.yaml").write_text(good)
    with pytest.raises(InputError, match=r"key detector.config: found null"):
        theirs.adopt(config=None)
    with pytest.raises(InputError, match=r"key detector.pretrained: found null"):
        theirs.adopt(pretrained=None)
    (tmp_path / "names.txt").write_text("dog\n")
    with pytest.raises(InputError, match="found 1 names, expected 3"):
        theirs.adopt(classes=str(tmp_path / "names.txt"))
    assert not (tmp_path / "artifact").exists()
