"""Which languages: section ``languages`` of ``params.yaml``."""

from __future__ import annotations

from crosscap.config.section import Section


class LanguageSettings(Section):
    source: str
    targets: tuple[str, ...]
