"""Decoding: section ``generation`` of ``params.yaml``."""

from __future__ import annotations

from crosscap.config.section import Section


class GenerationSettings(Section):
    beam: int
    max_words: int
    batch_size: int
    threads: int
