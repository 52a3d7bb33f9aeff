"""Where the raw data comes from: section ``collect`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crosscap.config.section import Section

Share = Annotated[float, Field(ge=0, le=1)]
Split = Literal["train", "val", "test"]


class ImageSelection(Section):
    """Which images' captions to take: ``count`` of the list ``images`` from ``skip`` on; all without a list."""

    images: str | None = None
    skip: Annotated[int, Field(ge=0)] = 0
    count: Annotated[int, Field(ge=1)] | None = None


class ParallelFiles(ImageSelection):
    """One parallel corpus. ``paths``: one file (tsv), or source and target (moses, captions)."""

    target: str
    format: Literal["tsv", "moses", "captions"]
    paths: tuple[str, ...]
    licence: str
    # tsv: numbers of the source's and the target's column, from 1
    columns: tuple[int, int] = (1, 2)


class DictionaryFile(ImageSelection):
    """The caption dictionary of one language: a word list with or without counts, or captions to count words of."""

    path: str
    format: Literal["words", "captions"]
    licence: str
    min_count: Annotated[int, Field(ge=1)] = 1


class LexiconFile(Section):
    """A bilingual word list."""

    path: str
    layout: Literal["source target", "target @ source"]
    licence: str
    test: Share


class ImageFolder(Section):
    """JPEG pictures of one split, and their COCO instances if there are any."""

    folder: str
    licence: str
    annotations: str | None = None


class CaptionFile(ImageSelection):
    """Captions: Flickr8k lines or COCO JSON."""

    path: str
    format: Literal["captions", "coco"]
    licence: str


class EvaluationCaptions(CaptionFile):
    """Human captions of evaluated images in a target language."""

    target: str
    split: Literal["val", "test"]


class GraphFile(Section):
    """Image graphs as JSON lines, in the layout of docs/contracts.md."""

    path: str
    licence: str


class Treebank(Section):
    """Training and development part of a treebank, plain or gzip."""

    train: str
    dev: str
    licence: str


class Treebanks(Section):
    """UD trees of the source language (CoNLL-U), bracketed trees per language."""

    dependency: Treebank | None = None
    constituency: dict[str, Treebank] = Field(default_factory=dict)


class Files(Section):
    """The user's own data; everything but parallel text is optional."""

    parallel: tuple[ParallelFiles, ...]
    dictionary: dict[str, DictionaryFile] = Field(default_factory=dict)
    lexicon: dict[str, LexiconFile] = Field(default_factory=dict)
    images: dict[Split, ImageFolder] = Field(default_factory=dict)
    captions: tuple[EvaluationCaptions, ...] = ()
    image_graphs: dict[Split, GraphFile] = Field(default_factory=dict)
    image_sentences: dict[Split, CaptionFile] = Field(default_factory=dict)
    treebanks: Treebanks = Treebanks()


class CollectSettings(Section):
    source: Literal["storybook", "files"]
    files: Files | None
