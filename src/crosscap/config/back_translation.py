"""Paraphrases by round trips: section ``back_translation`` of ``params.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from crosscap.config.section import Section
from crosscap.config.translator import PretrainedTranslators
from crosscap.errors import InputError


class SearchSettings(Section):
    """How one hop is decoded."""

    search: Literal["beam", "sampling"]
    beams: int = Field(ge=1)
    temperature: float = Field(gt=0)
    top_k: int = Field(ge=1)
    top_p: float = Field(gt=0, le=1)


class BackTranslationSettings(Section):
    copies: int = Field(ge=0)
    pivots: Annotated[tuple[Literal["target"] | PretrainedTranslators, ...], Field(min_length=1)]
    forward: SearchSettings
    backward: SearchSettings
    attempts: int = Field(ge=1)
    min_agreement: float | None = Field(le=0)
    batch_pieces: int = Field(ge=1)
    seed: int = Field(ge=0)


def declared_settings(view: BackTranslationSettings) -> BackTranslationSettings:
    """The same values without the loader's watch over them, so that other processes can have them.

    Raises:
        UndeclaredParameter: the stage does not declare one of them.
        InputError: the beam search there has fewer hypotheses than copies are asked for.
    """
    values = {name: getattr(view, name) for name in BackTranslationSettings.model_fields}
    for hop in ("forward", "backward"):
        values[hop] = SearchSettings(**{name: getattr(values[hop], name) for name in SearchSettings.model_fields})
    settings = BackTranslationSettings(**values)
    check_beams(settings)
    return settings


def check_beams(settings: BackTranslationSettings, path: str | Path = "params.yaml") -> None:
    """Beam search gives at most as many copies as it has beams.

    Raises:
        InputError: ``copies`` are more.
    """
    if settings.forward.search == "beam" and settings.forward.beams < settings.copies:
        raise InputError(
            path,
            f"{settings.forward.beams} beams",
            f"at least the {settings.copies} copies of back_translation.copies",
            "Each copy is another hypothesis of the beam search.",
            "key back_translation.forward.beams",
        )
