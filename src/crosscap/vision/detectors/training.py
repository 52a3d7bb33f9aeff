"""Trains a detector on annotated pictures, from any step on to the same result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN

from crosscap.config.detector import DetectorTraining
from crosscap.errors import InputError
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.epochs import Epochs
from crosscap.training.loop import LoopSettings, run_training
from crosscap.training.seed import seed_everything
from crosscap.training.update import Update, UpdateSettings
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.detectors.torchvision_detector import Architecture, build, device, feature_maps
from crosscap.vision.picture_source import PictureSource


@dataclass(frozen=True)
class Batch:
    """Pictures and their gold boxes as torchvision wants them, and attributes beside.

    Attributes:
        pictures: B tensors [3, H, W] in 0..1.
        targets: B dictionaries ``boxes`` [N, 4], ``labels`` [N] (1-based, 0 is background).
        attributes: [sum of N, A] float, 1 where the object has the attribute.
    """

    pictures: list[Tensor]
    targets: list[dict[str, Tensor]]
    attributes: Tensor

    def to(self, place: torch.device) -> Batch:
        targets = [{key: value.to(place) for key, value in target.items()} for target in self.targets]
        return Batch([picture.to(place) for picture in self.pictures], targets, self.attributes.to(place))


def make_batch(
    annotations: Annotations,
    source: PictureSource,
    rows: Sequence[int],
    settings: DetectorTraining,
    random: np.random.Generator,
) -> Batch:
    """Read pictures and vary them: mirrored, brighter or darker, softer or harder.

    Colours are attributes here, so hue and saturation stay: brightness and contrast change together for the three
    channels.
    """
    columns = {name: column for column, name in enumerate(annotations.attributes)}
    pictures, targets, attributes = [], [], []
    for row in rows:
        image = annotations.images[row]
        values = source[row].astype(np.float32) / 255
        boxes = image.boxes.copy()
        if random.random() < settings.flip:
            values = values[:, ::-1]
            boxes[:, [0, 2]] = image.width - boxes[:, [2, 0]]
        gain, shift = 1 + random.uniform(-1, 1, 2) * settings.jitter
        values = ((values - 0.5) * gain + 0.5 * shift).clip(0, 1)
        pictures.append(torch.from_numpy(np.ascontiguousarray(values.transpose(2, 0, 1), dtype=np.float32)))
        targets.append({"boxes": torch.from_numpy(boxes), "labels": torch.from_numpy(image.labels + 1)})
        attributes.append(_many_hot(image.attributes, columns))
    return Batch(pictures, targets, torch.from_numpy(np.concatenate(attributes)))


def _many_hot(names: Sequence[Sequence[str]], columns: dict[str, int]) -> NDArray[np.float32]:
    values = np.zeros((len(names), len(columns)), np.float32)
    for row, some in enumerate(names):
        values[row, [columns[name] for name in some]] = 1
    return values


def batch_rows(count: int, batch_size: int, seed: int, epoch: int) -> list[list[int]]:
    """The rows of an epoch's batches: a shuffle by seed and epoch alone, so that any step can be resumed."""
    order = np.random.default_rng((seed, epoch)).permutation(count).tolist()
    return [order[start : start + batch_size] for start in range(0, count, batch_size)]


def vary_scale(model: FasterRCNN, architecture: Architecture, jitter: float) -> None:
    """Let the network resize each training picture by a random one of nine factors in ``1 - jitter … 1 + jitter``.

    0 is the one scale that pictures are looked at later.
    """
    factors = np.linspace(1 - jitter, 1 + jitter, 9) if jitter else np.ones(1)
    model.transform.min_size = tuple(int(side) for side in (architecture.short_side * factors).round())
    model.transform.max_size = round(architecture.long_side * (1 + jitter))


def losses(model: FasterRCNN, batch: Batch, attribute_weight: float) -> dict[str, Tensor]:
    """Faster R-CNN's four losses, and one that keeps attributes in the box features.

    The attribute loss is Anderson et al. 2018 (bottom-up attention), section 3.1: without it the box head forgets
    colours, which do not help to tell classes apart.
    """
    images, targets = model.transform(batch.pictures, batch.targets)
    assert targets is not None
    maps = feature_maps(model, images)
    proposals, parts = model.rpn(images, maps, targets)
    _, detection = model.roi_heads(maps, proposals, images.image_sizes, targets)
    parts = {**parts, **detection}
    heads = model.roi_heads
    if attribute_weight and batch.attributes.numel():
        boxes = [target["boxes"] for target in targets]
        features = heads.box_head(heads.box_roi_pool(maps, boxes, images.image_sizes))
        loss = nn.functional.binary_cross_entropy_with_logits(
            heads.attribute_predictor(features), batch.attributes, reduction="sum"
        )
        parts["loss_attribute"] = attribute_weight * loss / len(batch.attributes)
    return parts


def train_detector(
    architecture: Architecture,
    annotations: Annotations,
    source: PictureSource,
    settings: DetectorTraining,
    directory: Path,
) -> tuple[FasterRCNN, list[float]]:
    """Train from random weights, or from the checkpoint in ``directory``.

    Returns:
        The network, and the mean loss of each epoch.

    Raises:
        TrainingDiverged: a loss is no finite number.
    """
    if not any(len(image.labels) for image in annotations.images):
        raise InputError(source.folder, "no annotated picture", "pictures with boxes to train on")
    seed_everything(settings.seed)
    place = device()
    model = build(architecture).to(place).train()
    vary_scale(model, architecture, settings.scale_jitter)
    optimizer = torch.optim.AdamW(model.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    images = annotations.images
    epochs = Epochs(lambda epoch: batch_rows(len(images), settings.batch_size, settings.seed, epoch))
    steps = settings.epochs * epochs.steps
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, settings.learning_rate, steps, pct_start=0.15)
    # The attribute head stands beside the detector: its large first gradients shall not shrink the detector's.
    detector = [value for name, value in model.named_parameters() if "attribute_predictor" not in name]
    update = Update(model, optimizer, UpdateSettings("norm", 10.0), schedule, clipped=detector)

    def loss_of(rows: Sequence[int], random: np.random.Generator) -> Tensor:
        batch = make_batch(annotations, source, rows, settings, random).to(place)
        return torch.stack(list(losses(model, batch, settings.attribute_weight).values())).sum()

    def train_step(step: int) -> dict[str, float]:
        epoch, position, rows = epochs.at(step)
        random = np.random.default_rng((settings.seed, epoch, position))
        return update(rows, lambda shard: {"loss": loss_of(shard, random)})

    history = run_training(
        "train detector",
        LoopSettings(steps, epochs.steps, settings.checkpoint_steps, epoch_steps=epochs.steps),
        train_step,
        Checkpoint(directory, model=model, optimizer=optimizer, schedule=schedule),
        examples=lambda step: [images[row].file_name for row in epochs.at(step)[2]],
    )
    vary_scale(model, architecture, 0)
    return model.eval(), [row["loss"] for row in history]
