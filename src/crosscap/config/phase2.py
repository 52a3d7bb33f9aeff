"""Cross-modal feature mapping: section ``phase2`` of ``params.yaml``."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from crosscap.config.loader import nearest
from crosscap.config.run_names import RunNameText
from crosscap.config.section import Section
from crosscap.errors import InputError
from crosscap.systems.unison.run_name import RunName


class Phase2Settings(Section):
    variants: tuple[RunNameText, ...]
    steps: Annotated[int, Field(ge=1)]
    batch_size: Annotated[int, Field(ge=1)]
    generator_learning_rate: Annotated[float, Field(gt=0)]
    discriminator_learning_rate: Annotated[float, Field(gt=0)]
    gan_loss: Literal["vanilla", "lsgan"]
    cycle_weight: Annotated[float, Field(ge=0)]
    identity_weight: Annotated[float, Field(ge=0)]
    generator_start: Literal["identity", "random"]
    spectral_norm: bool
    image_pool: Annotated[int, Field(ge=0)]
    selection: Literal["last", "val_cycle", "val_identity", "val_cider"]
    checkpoint_every: Annotated[int, Field(ge=0)]
    seed: Annotated[int, Field(ge=0)]
    threads: Annotated[int, Field(ge=0)]


def check_runs(carried: Collection[str], trained: Collection[str], tuned: Collection[str], path: str | Path) -> None:
    """Refuse names that no stage would make: DVC would only miss their folders.

    Args:
        carried: ``phase2.variants``.
        trained: ``phase1.variants``.
        tuned: ``caption_corpus.variants``, each of which makes a model with ``-captions`` after its name.

    Raises:
        InputError: the first such name.
    """
    for name in trained:
        if RunName.parse(name).captions:
            raise InputError(
                path, repr(name), "runs that phase 1 trains", "Name it in caption_corpus.variants, without -captions.",
                "key phase1.variants",
            )  # fmt: skip
    for key, names, known in (
        ("caption_corpus.variants", tuned, set(trained)),
        ("phase2.variants", carried, {*trained, *(f"{name}-captions" for name in tuned)}),
    ):
        for name in names:
            if name not in known:
                remedy = nearest(name, known) or "Add it to phase1.variants."
                raise InputError(path, repr(name), f"one of {', '.join(sorted(known))}", remedy, f"key {key}")
