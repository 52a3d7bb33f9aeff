"""How captions are scored: section ``evaluation`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crosscap.config.section import Section
from crosscap.errors import InputError

Policy = Literal["given", "jieba", "moses", "characters", "ptb"]


class EvaluationSettings(Section):
    segmentation: dict[str, Policy]
    meteor_timeout: Annotated[float, Field(gt=0)]
    spice: Annotated[str, Field(min_length=1)] | None
    spice_timeout: Annotated[float, Field(gt=0)]
    shuffle_seed: int
    bootstrap_samples: Annotated[int, Field(ge=100)]  # fewer have no 2.5 % in them to speak of
    confidence: Annotated[float, Field(gt=0, lt=1)]
    bootstrap_seed: Annotated[int, Field(ge=0)]


def policy_of(segmentation: dict[str, Policy], language: str) -> Policy:
    """The policy of ``language``.

    Raises:
        InputError: the section names none.
    """
    if language not in segmentation:
        remedy = f"Add `{language}: given` (words split at spaces) or another policy."
        known = f"one of {', '.join(sorted(segmentation))}"
        raise InputError("params.yaml", f"no policy for {language!r}", known, remedy, "key evaluation.segmentation")
    return segmentation[language]
