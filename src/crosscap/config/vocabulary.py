"""Which words the models know: section ``vocabulary`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crosscap.config.section import Section


class VocabularySettings(Section):
    threshold: Annotated[int, Field(ge=1)]
    graph_threshold: Annotated[int, Field(ge=1)] | None
