"""Which languages: section ``languages`` of ``params.yaml``."""

from __future__ import annotations

from crosscap.config.section import Section


class Languages(Section):
    source: str
    targets: tuple[str, ...]
