"""Where the raw data comes from: section ``collect`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crosscap.config.section import Section

Share = Annotated[float, Field(ge=0, le=1)]
Split = Literal["train", "val", "test"]
Column = Annotated[int, Field(ge=1)] | Annotated[str, Field(min_length=1)]


class ImageSelection(Section):
    """Which images' captions to take: ``count`` of the list ``images`` from ``skip`` on; all without a list."""

    images: str | None = None
    skip: Annotated[int, Field(ge=0)] = 0
    count: Annotated[int, Field(ge=1)] | None = None


class ParallelFiles(ImageSelection):
    """One parallel corpus.

    ``paths``: files that are read one after another or, for moses, sgml and captions, source, target, source, target, …
    """

    target: str
    paths: Annotated[tuple[str, ...], Field(min_length=1)]
    licence: str
    # None: recognised by the first file's first lines
    format: Literal["tsv", "tatoeba", "tmx", "json_lines", "alternating", "moses", "sgml", "captions"] | None = None
    # tsv, tatoeba: the source's and the target's column, numbers from 1, or names in the first line (tsv);
    # alternating: which of two lines is which
    columns: tuple[Column, Column] = (1, 2)
    # json_lines: keys of the source's and the target's text; a.b is a key inside a key. translation2019zh has these.
    keys: tuple[str, str] = ("english", "chinese")
    # tmx: the languages' codes in the file, where they are others than the project's; zh takes every zh-…
    codes: tuple[str, str] | None = None


class SegmentationFile(Section):
    """Words that a language's segmenter shall know, one `word [count] [tag]` a line."""

    path: str
    licence: str


class DictionaryFile(ImageSelection):
    """The caption dictionary of one language: a word list with or without counts, or captions to count words of."""

    path: str
    format: Literal["words", "captions", "coco", "ai_challenger"]
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
    """Captions: Flickr8k's lines, COCO's JSON or AI Challenger's."""

    path: str
    licence: str
    # None: recognised by the file's beginning
    format: Literal["captions", "coco", "ai_challenger"] | None = None


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
    segmentation: dict[str, SegmentationFile] = Field(default_factory=dict)
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
