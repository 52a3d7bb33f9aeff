"""What the report shows: section ``report`` of ``params.yaml``."""

from __future__ import annotations

from pydantic import Field

from crosscap.config.section import Section


class ReportSettings(Section):
    examples: int = Field(ge=0)
    pictures: int = Field(ge=0)
    image_width: int = Field(ge=16)
    image_quality: int = Field(ge=1, le=95)
