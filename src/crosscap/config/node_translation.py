"""Names of graph nodes translated one by one: section ``node_translation`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class NodeTranslationSettings(Section):
    sources: tuple[Literal["lexicon", "translator"], ...]
    threads: int = Field(ge=0)
