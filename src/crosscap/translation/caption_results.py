"""Translating captions as records for the cache: a caption in, its English with its words out."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Work
from crosscap.text.tokenizers import tokenizer
from crosscap.translation.translator import Translator

SHARD_SIZE = 512  # captions: seconds of a small model, minutes of a large one


def caption_translation(model: Path, source: str, beams: int, batch_pieces: int, identity: Identity) -> Work[str]:
    """Translating captions into the language ``source`` with the model in the folder ``model``."""
    start = partial(caption_translator, model, source, beams, batch_pieces)
    return Work("translate_captions", start, str.encode, identity, SHARD_SIZE)


def caption_translator(model: Path, source: str, beams: int, batch_pieces: int) -> Callable[[list[str]], list[bytes]]:
    """Load the translator; the function that it makes gives of each caption what `translation_of` reads."""
    # With more threads, where a sentence stands in its batch decides which thread rounds how.
    torch.set_num_threads(1)
    words = tokenizer(source)
    translator = Translator.load(model, batch_pieces)

    def translate(captions: list[str]) -> list[bytes]:
        made = zip(translator.translate(captions, beams), translator.too_long(captions), strict=True)
        values = [{"text": text, "tokens": words.tokenize(text), "truncated": cut} for text, cut in made]
        return [json.dumps(value, ensure_ascii=False).encode() for value in values]

    return translate


def translation_of(value: bytes) -> dict[str, Any]:
    """``text`` of a translation, its ``tokens``, and whether the caption was ``truncated`` to what a model reads."""
    return dict(json.loads(value))
