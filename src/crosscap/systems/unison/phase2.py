"""Phase 2: unpaired features of images and of text train the cross-modal mapper; everything else is frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from crosscap.config.phase2 import Phase2Settings
from crosscap.graph.scene_graph import SceneGraph
from crosscap.systems.unison.cross_modal import CrossModalMapper, ImagePool, gan_loss
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.selection import better
from crosscap.training.best import BestWeights
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.device import best_device
from crosscap.training.loop import LoopSettings, Row, run_training
from crosscap.training.seed import seed_everything
from crosscap.vectors.lookup import AlignedVectors


@torch.no_grad()
def pooled_features(
    model: Unison, graphs: Sequence[SceneGraph], vectors: AlignedVectors, batch_size: int = 256
) -> Tensor:
    """z^y [M, 3, D] of ``graphs``, from the frozen mapping and target encoder in eval mode (no dropout)."""
    model.eval()
    device = next(model.parameters()).device
    table = model.node_table(graphs, vectors).to(device)
    parts = [
        model.encode_target(table, table.pack(graphs[start : start + batch_size]))
        for start in range(0, len(graphs), batch_size)
    ]
    return torch.cat(parts) if parts else torch.zeros(0, 3, model.config.size, device=device)


def weights_digest(module: nn.Module) -> str:
    """sha256 of all weights and buffers by name: equal digests, nothing has moved."""
    digest = hashlib.sha256()
    for name, value in sorted(module.state_dict().items()):
        digest.update(f"{name}\0{value.dtype}\0{tuple(value.shape)}\0".encode())
        digest.update(value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


class PhaseTwo:
    """One training of a mapper: optimizers, pools, and the plain ``train_step``."""

    def __init__(self, mapper: CrossModalMapper, settings: Phase2Settings) -> None:
        self.mapper, self.settings = mapper, settings
        # Betas (0.9, 0.999) as the released code, not CycleGAN's 0.5; constant rates, as the paper.
        self.generator_optimizer = torch.optim.Adam(mapper.generators(), lr=settings.generator_learning_rate)
        self.discriminator_optimizer = torch.optim.Adam(
            mapper.discriminators(), lr=settings.discriminator_learning_rate
        )
        self.text_pool = ImagePool(settings.image_pool)
        self.image_pool = ImagePool(settings.image_pool)

    def train_step(self, image: Tensor, text: Tensor) -> dict[str, float]:
        """One update of generators, then of discriminators, on unpaired features [B, 3, D] each."""
        losses = self.generator_losses(image, text)
        self.generator_optimizer.zero_grad()
        torch.stack(list(losses.values())).sum().backward()
        self.generator_optimizer.step()
        with torch.no_grad():
            fake_text = self.text_pool.query(self.mapper.to_text(image))
            fake_image = self.image_pool.query(self.mapper.to_image(text))
        judged = self.discriminator_losses(image, text, fake_image, fake_text)
        self.discriminator_optimizer.zero_grad()
        torch.stack(list(judged.values())).sum().backward()
        self.discriminator_optimizer.step()
        return {name: loss.item() for name, loss in {**losses, **judged}.items()}

    def generator_losses(self, image: Tensor, text: Tensor) -> dict[str, Tensor]:
        """Adversarial, cycle and identity losses of both directions (UNISON eqs. 12-14), summed over the types."""
        mapper, settings = self.mapper, self.settings
        freeze(mapper.discriminators(), True)
        fake_text, fake_image = mapper.to_text(image), mapper.to_image(text)
        # Losses are means over [B, 3, D]; three times the mean is the sum over the types (L_Phase2).
        losses = {
            "gan_text": 3 * gan_loss(mapper.judge_text(fake_text), True, settings.gan_loss),
            "gan_image": 3 * gan_loss(mapper.judge_image(fake_image), True, settings.gan_loss),
            "cycle": 3 * settings.cycle_weight
            * (_distance(mapper.to_image(fake_text), image) + _distance(mapper.to_text(fake_image), text)),
        }  # fmt: skip
        if settings.identity_weight:
            moved = _distance(mapper.to_text(text), text) + _distance(mapper.to_image(image), image)
            losses["identity"] = 3 * settings.identity_weight * moved
        return losses

    def discriminator_losses(
        self, image: Tensor, text: Tensor, fake_image: Tensor, fake_text: Tensor
    ) -> dict[str, Tensor]:
        """Half the sum of the losses on real and on made features, for both modalities."""
        mapper, kind = self.mapper, self.settings.gan_loss
        freeze(mapper.discriminators(), False)
        return {
            name: 1.5 * (gan_loss(judge(real), True, kind) + gan_loss(judge(fake.detach()), False, kind))
            for name, judge, real, fake in (
                ("judge_text", mapper.judge_text, text, fake_text),
                ("judge_image", mapper.judge_image, image, fake_image),
            )
        }


def shaping_settings(settings: Phase2Settings) -> dict[str, Any]:
    """What shapes the result, for the fingerprint of a run; not which runs there are."""
    return {name: getattr(settings, name) for name in sorted(set(Phase2Settings.model_fields) - {"variants"})}


def freeze(parameters: Sequence[nn.Parameter], frozen: bool) -> None:
    for parameter in parameters:
        parameter.requires_grad_(not frozen)


def _distance(one: Tensor, other: Tensor) -> Tensor:
    return (one - other).abs().mean()


@torch.no_grad()
def validation_losses(mapper: CrossModalMapper, image: Tensor) -> dict[str, float]:
    """What can be told of features of images [M, 3, D] without their captions, summed over the types.

    Returns:
        ``val_cycle``: L1 of image -> text -> image. ``val_identity``: L1 between features and what they are mapped to,
        by which the released code chooses; lowest for the mapper that does least.
    """
    mapper.eval()
    mapped = mapper.to_text(image)
    back, moved = _distance(mapper.to_image(mapped), image), _distance(mapped, image)
    return {"val_cycle": 3 * back.item(), "val_identity": 3 * moved.item()}


def train(
    image: Tensor,
    text: Tensor,
    settings: Phase2Settings,
    mapper: CrossModalMapper,
    directory: str | Path,
    name: str = "phase 2",
    seed: int | None = None,
    validate: Callable[[CrossModalMapper], Mapping[str, float]] | None = None,
) -> list[Row]:
    """Train ``mapper`` on features [M_image, 3, D] and [M_text, 3, D] for ``steps`` steps.

    Leaves the last weights in the mapper, or those with the best ``settings.selection`` that ``validate`` told.

    Args:
        directory: folder of the checkpoint; a run that was killed continues from it.
        seed: in the place of ``settings.seed``.
        validate: scores of the mapper by name, every ``checkpoint_every`` steps.
    """
    seed = settings.seed if seed is None else seed
    device = best_device()
    mapper.to(device)
    image, text = image.to(device), text.to(device)
    seed_everything(seed)
    run = PhaseTwo(mapper, settings)
    best = BestWeights(mapper, better(settings.selection))

    def step(number: int) -> dict[str, float]:
        mapper.train()
        generator = torch.Generator().manual_seed(seed * 1_000_003 + number)
        rows = [torch.randint(len(side), (settings.batch_size,), generator=generator) for side in (image, text)]
        return run.train_step(image[rows[0].to(device)], text[rows[1].to(device)])

    history = run_training(
        name,
        LoopSettings(settings.steps, validate_every=settings.checkpoint_every, best_by=settings.selection),
        step,
        Checkpoint(
            directory,
            mapper=mapper,
            generators=run.generator_optimizer,
            discriminators=run.discriminator_optimizer,
            text_pool=run.text_pool,
            image_pool=run.image_pool,
            best=best,
        ),
        (lambda _: validate(mapper)) if validate else None,
        best=best,
    )
    best.restore()
    mapper.eval().cpu()
    return history
