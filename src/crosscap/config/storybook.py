"""The embedded world: section ``storybook`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crosscap.config.section import Section

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class NoiseSettings(Section):
    foreign: Share
    misaligned: Share
    wrong_language: Share
    broken: Share
    duplicate: Share


class ImageSettings(Section):
    train: Count
    val: Count
    test: Count
    captions: Count
    quality: Annotated[int, Field(ge=1, le=95)]


class TreebankSettings(Section):
    train: Count
    dev: Count
    unknown_words: Share


class StorybookSettings(Section):
    seed: int
    pairs: Count
    other_lengths: Share
    noise: NoiseSettings
    images: ImageSettings
    treebanks: TreebankSettings
    dictionary_captions: Count
    caption_corpus: Annotated[int, Field(ge=0)]
    lexicon_test: Share
