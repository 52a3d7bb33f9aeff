"""Where image graphs come from and what is kept in them: section ``image_graphs`` of ``params.yaml``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscap.config.section import Section


class ImageGraphSettings(Section):
    backend: Literal["predicted", "imported", "sentences"]
    object_threshold: float = Field(ge=0, le=1)
    attribute_threshold: float = Field(ge=0, le=1)
    relation_threshold: float = Field(ge=0, le=1)
    duplicate_iou: float = Field(ge=0, le=1)
    normalise_labels: bool
    object_aliases: str | None
    relationship_aliases: str | None
    max_objects: int = Field(ge=1)
    max_attributes: int = Field(ge=0)
    max_relations: int = Field(ge=0)
