"""Paraphrasing as records for the cache: a sentence in, its copies with their words out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import torch

from crosscap.config.back_translation import BackTranslationSettings
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Work
from crosscap.text.tokenizers import tokenizer
from crosscap.translation.round_trip import paraphrase
from crosscap.translation.translator import Translator

SHARD_SIZE = 512  # sentences: seconds of a small model, minutes of a large one


def paraphrasing(
    pivots: Sequence[tuple[Path, Path]], settings: BackTranslationSettings, source: str, identity: Identity
) -> Work[str]:
    """Paraphrasing sentences of the language ``source`` with the models in the folders ``pivots``, there and back."""
    start = partial(sentence_paraphraser, tuple(pivots), settings, source)
    return Work("back_translate", start, str.encode, identity, SHARD_SIZE)


def sentence_paraphraser(
    pivots: Sequence[tuple[Path, Path]], settings: BackTranslationSettings, source: str
) -> Callable[[list[str]], list[bytes]]:
    """Load the translators; the function that it makes gives each sentence's `Paraphrases` as JSON, with ``tokens``."""
    # With more threads, where a sentence stands in its batch decides which thread rounds how.
    torch.set_num_threads(1)
    words = tokenizer(source)
    translators = [
        (Translator.load(there, settings.batch_pieces), Translator.load(back, settings.batch_pieces))
        for there, back in pivots
    ]

    def make(texts: list[str]) -> list[bytes]:
        made = paraphrase(texts, translators, settings)
        values = [{**asdict(one), "tokens": [words.tokenize(copy) for copy in one.copies]} for one in made]
        return [json.dumps(value, ensure_ascii=False).encode() for value in values]

    return make


def paraphrases_of(value: bytes) -> dict[str, Any]:
    """What `sentence_paraphraser` made of a sentence: `Paraphrases` as a dictionary, and ``tokens`` of each copy."""
    return dict(json.loads(value))
