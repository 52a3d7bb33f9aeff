"""Paraphrases of sentences by way of another language (UNISON, appendix A)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from crosscap.config.back_translation import BackTranslationSettings
from crosscap.translation.translator import Translator


def paraphrase(
    ids: Sequence[str],
    texts: Sequence[str],
    forward: Translator,
    backward: Translator,
    settings: BackTranslationSettings,
) -> list[list[str]]:
    """``settings.copies`` paraphrases of each text: a sampled translation, then the most probable one back.

    A copy's randomness comes from the seed, the sentence's id and the copy's number, so adding sentences changes no
    other sentence's copies. Copies may equal each other or their source; where a round trip ends in nothing, the source
    stands in.
    """
    copies = range(1, settings.copies + 1)
    there = forward.sample(
        [text for text in texts for _ in copies],
        [_seed(settings.seed, id, copy) for id in ids for copy in copies],
        settings.temperature,
        settings.top_k,
    )
    # The way back is deterministic: each different translation goes it once.
    different = list(dict.fromkeys(there))
    back = dict(zip(different, backward.translate(different), strict=True))
    return [
        [back[text] or source for text in there[place * settings.copies : (place + 1) * settings.copies]]
        for place, source in enumerate(texts)
    ]


def _seed(seed: int, id: str, copy: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}/{id}/{copy}".encode()).digest()[:8], "big")
