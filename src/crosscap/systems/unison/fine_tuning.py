"""UNISON with a caption corpus (section 5.1, table 2): phase 1 goes on with unpaired captions in the target language.

A caption is what the target side shall say of the graph of its English translation. The paper says that "our
cross-lingual mapping" is fine-tuned so; the released models are, on COCO-CN's captions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import deepcopy
from pathlib import Path

from torch import nn

from crosscap.config.caption_corpus import CaptionTraining, Part
from crosscap.config.phase1 import LearningRateDecay, Phase1Settings, ScheduledSamplingSettings, SelectionSettings
from crosscap.systems.unison import phase1
from crosscap.systems.unison.examples import Example
from crosscap.systems.unison.model import Unison
from crosscap.systems.unison.objective import Objective, validation_losses
from crosscap.training.device import best_device
from crosscap.training.loop import Row
from crosscap.vectors.lookup import AlignedVectors

TARGET = Objective(sides=("target",))
SCORE = "val_xe_target"


def loop_settings(settings: CaptionTraining, phase1_settings: Phase1Settings) -> Phase1Settings:
    """Phase 1's settings with those of fine-tuning in their places: a constant rate, chosen by the validation loss."""
    return phase1_settings.model_copy(
        update={
            **{name: getattr(settings, name) for name in ("batch_size", "gradient_clamp", "checkpoint_every")},
            "learning_rate_decay": LearningRateDecay(every=0, factor=1.0),
            "warmup_steps": 0,
            "scheduled_sampling": ScheduledSamplingSettings(increase=0.0, every=1, most=0.0),
            "selection": SelectionSettings(by="val_xe", every=1, pairs=0, patience=0),
        }
    )


def parameters_of(model: Unison, part: Part) -> list[nn.Parameter]:
    """Parameters of one part of the target language's side; mapping and decoder may share the map of word vectors."""
    target = model.target
    if part == "mapping":
        return list(model.mapping.parameters())
    modules = [target.encoder, target.pools] if part == "encoder" else [target.triplet, target.decoder]
    found = [parameter for module in modules for parameter in module.parameters()]
    if part == "decoder":
        # Where input words are learned, the map of the vectors is beside them but not used by them.
        unused = set() if target.words.learned is None else set(target.words.word_map.parameters())
        found += [parameter for parameter in target.words.parameters() if parameter not in unused]
    return found


def freeze(model: Unison, frozen: Collection[Part]) -> None:
    """Leave only the target side's parameters to train, without those of ``frozen`` parts, shared ones included."""
    model.requires_grad_(False)
    parts: tuple[Part, ...] = ("mapping", "encoder", "decoder")
    for part in sorted(parts, key=lambda part: part in frozen):
        for parameter in parameters_of(model, part):
            parameter.requires_grad_(part not in frozen)


def fine_tune(
    model: Unison,
    vectors: AlignedVectors,
    data: Sequence[Example],
    validation: Sequence[Example],
    settings: CaptionTraining,
    phase1_settings: Phase1Settings,
    seed: int,
    directory: str | Path,
    name: str = "fine-tuning",
) -> list[Row]:
    """Tune ``model`` with L_XE of the target language on captions and the graphs of their translations.

    Leaves the weights with the lowest loss on ``validation`` in the model of rank 0: those after some epoch or, where
    none was better, those it came with.

    Args:
        directory: folder of the checkpoint; a run that was killed continues from it.

    Returns:
        The history: before tuning (step 0), then a row an epoch.
    """
    loop = loop_settings(settings, phase1_settings)
    model.to(best_device())
    table = model.node_table([example.graph for example in validation], vectors).to(best_device())
    before = validation_losses(model, table, validation, loop.batch_size, TARGET)
    came_with = deepcopy(model.state_dict())
    freeze(model, settings.frozen)
    part = phase1.Part("", settings.epochs, settings.epochs, ("target",), settings.learning_rate)
    rows: list[Row] = []
    if settings.epochs:
        rows = phase1.train_part(model, vectors, data, validation, part, loop, directory, name, seed)
    if all(row.get(SCORE, float("inf")) >= before[SCORE] for row in rows):
        model.load_state_dict(came_with)
    model.eval().cpu()
    return [{"step": 0, **before}, *rows]
