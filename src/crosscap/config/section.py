"""The base of every section of ``params.yaml``: frozen, typed, no unknown keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A block of parameters. Lists are written as tuples; every field needs a description in ``params.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
