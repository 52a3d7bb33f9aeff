"""How sentences become graphs: section ``sentence_graphs`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from crosscap.config.section import Section


class SentenceGraphSettings(Section):
    backend: Literal["rules", "rescored"]
    rescorer: str | None

    @model_validator(mode="after")
    def _has_a_rescorer(self) -> SentenceGraphSettings:
        if self.backend == "rescored" and self.rescorer is None:
            raise ValueError("backend 'rescored' needs the folder of a rescorer in rescorer")
        return self
