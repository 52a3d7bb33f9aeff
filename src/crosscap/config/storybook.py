"""The embedded world: section ``storybook`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crosscap.config.section import Section

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class NoiseParameters(Section):
    foreign: Share
    misaligned: Share
    wrong_language: Share
    broken: Share
    duplicate: Share


class ImageParameters(Section):
    train: Count
    val: Count
    test: Count
    captions: Count
    quality: Annotated[int, Field(ge=1, le=95)]


class TreebankParameters(Section):
    train: Count
    dev: Count
    unknown_words: Share


class StorybookParameters(Section):
    seed: int
    pairs: Count
    other_lengths: Share
    noise: NoiseParameters
    images: ImageParameters
    treebanks: TreebankParameters
    dictionary_captions: Count
    lexicon_test: Share
