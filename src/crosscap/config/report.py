"""What the report shows: section ``report`` of ``params.yaml``."""

from __future__ import annotations

from crosscap.config.section import Section


class ReportSettings(Section):
    examples: int
    image_width: int
    image_quality: int
