"""Names of trained models as a parameter's type."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from crosscap.systems.unison.run_name import RunName


def _known(name: str) -> str:
    RunName.parse(name)
    return name


RunNameText = Annotated[str, AfterValidator(_known), Field(description="a variant and what its model differs in")]
"""A string that `RunName.parse` reads."""
