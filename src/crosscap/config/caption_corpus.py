"""Fine-tuning on unpaired captions in a target language: section ``caption_corpus`` of ``params.yaml``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from crosscap.config.run_names import RunNameText
from crosscap.config.section import Section
from crosscap.errors import InputError
from crosscap.systems.unison.run_name import RunName

Count = Annotated[int, Field(ge=1)]
Part = Literal["mapping", "encoder", "decoder"]


class CaptionTranslation(Section):
    beams: Count
    batch_pieces: Count


class CaptionTraining(Section):
    frozen: Annotated[tuple[Part, ...], Field(max_length=2)]  # all three would leave nothing to train
    epochs: Annotated[int, Field(ge=0)]
    batch_size: Count
    learning_rate: Annotated[float, Field(gt=0)]
    gradient_clamp: Annotated[float, Field(ge=0)]
    checkpoint_every: Annotated[int, Field(ge=0)]
    seed: Annotated[int, Field(ge=0)]
    threads: Annotated[int, Field(ge=0)]


class CaptionCorpusSettings(Section):
    targets: tuple[str, ...]
    variants: tuple[RunNameText, ...]
    translation: CaptionTranslation
    val: Annotated[float, Field(ge=0, lt=1)]
    train: CaptionTraining


def check_targets(
    settings: CaptionCorpusSettings, languages: Collection[str], carried: Sequence[str], path: str | Path
) -> None:
    """Refuse targets that are none, and tuned models that some target would lack: DVC would only miss their folders.

    Args:
        languages: ``languages.targets``.
        carried: ``phase2.variants``.

    Raises:
        InputError: the first such target or model.
    """
    for target in settings.targets:
        if target not in languages:
            found, expected = repr(target), f"one of languages.targets, {', '.join(languages)}"
            raise InputError(path, found, expected, record="key caption_corpus.targets")
    tuned = [name for name in carried if RunName.parse(name).captions]
    if tuned and (missing := sorted(set(languages) - set(settings.targets))):
        raise InputError(
            path,
            f"{tuned[0]!r}, but no caption corpus for {', '.join(missing)}",
            "all of languages.targets in caption_corpus.targets: phase2.variants holds for each target",
            "Add them to caption_corpus.targets, or take the name out of phase2.variants.",
            "key phase2.variants",
        )
