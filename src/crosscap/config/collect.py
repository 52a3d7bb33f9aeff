"""Where the raw data comes from: section ``collect`` of ``params.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

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
    """A bilingual word list; ``test`` is the share of its words kept for the score."""

    path: str
    layout: Literal["source target", "target @ source", "source target part", "cc-cedict", "cc-cedict traditional"]
    licence: str
    test: Share | None = None

    @model_validator(mode="after")
    def _test_is_said_once(self) -> LexiconFile:
        if (self.test is None) != (self.layout == "source target part"):
            raise ValueError("test: a share, but none with layout `source target part`, whose file says it")
        return self


class ImageFolder(Section):
    """Pictures of one split, and their annotations if there are any, in a layout of docs/own-data.md."""

    folder: str
    licence: str
    annotations: str | tuple[str, ...] | None = None
    # None: recognised by the first file's beginning
    format: str | None = None
    # visual_genome, gqa: take so many names, the most frequent; None: all. VG150 (Xu et al., CVPR 2017) has 150 classes
    # and 50 predicates, Scene-Graph-Benchmark 200 attributes.
    classes: Annotated[int, Field(ge=1)] | None = 150
    predicates: Annotated[int, Field(ge=1)] | None = 50
    attributes: Annotated[int, Field(ge=0)] | None = 200
    # visual_genome: what objects and predicates are called by, and files of words that mean the same (object_alias.txt)
    labels: Literal["names", "synsets"] = "names"
    object_aliases: str | None = None
    predicate_aliases: str | None = None
    # vg150: pictures of the training part that validate. neural-motifs and Scene-Graph-Benchmark: 5000.
    validation: Annotated[int, Field(ge=0)] = 5000

    @property
    def annotation_paths(self) -> tuple[str, ...]:
        return (self.annotations,) if isinstance(self.annotations, str) else self.annotations or ()


class CaptionFile(ImageSelection):
    """Captions: Flickr8k's lines, COCO's JSON or AI Challenger's."""

    path: str
    licence: str
    # None: recognised by the file's beginning
    format: Literal["captions", "coco", "ai_challenger"] | None = None


class CaptionCorpusFile(ImageSelection):
    """Captions in a target language whose pictures do not matter: one a line, or in a layout of `CaptionFile`."""

    path: str
    licence: str
    # None: recognised by the file's beginning
    format: Literal["text", "captions", "coco", "ai_challenger"] | None = None


class EvaluationCaptions(CaptionFile):
    """Human captions of evaluated images in a target language."""

    target: str
    split: Literal["val", "test"]


class GraphFile(Section):
    """Image graphs as JSON lines, in the layout of docs/contracts.md."""

    path: str
    licence: str


class ImageFeatures(Section):
    """Features of image regions that others computed.

    ``paths``: files (tsv, h5) or folders (npz); of npz_npy folders of features and of boxes in turn, of flat_h5 files
    and the JSONs of their ids in turn.
    """

    layout: Literal["tsv", "npz", "npz_npy", "h5", "flat_h5"]
    paths: Annotated[tuple[str, ...], Field(min_length=1)]
    licence: str
    # names of the boxes' classes and attributes, one a line; None: the features alone are read
    classes: str | None = None
    attributes: str | None = None
    # lists of images that are no pictures here, one name a line
    images: dict[Split, str] = Field(default_factory=dict)
    # share of images that may have no features
    max_missing: Share = 0.01


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
    caption_corpus: dict[str, CaptionCorpusFile] = Field(default_factory=dict)
    image_graphs: dict[Split, GraphFile] = Field(default_factory=dict)
    image_sentences: dict[Split, CaptionFile] = Field(default_factory=dict)
    image_features: ImageFeatures | None = None
    treebanks: Treebanks = Treebanks()


class CollectSettings(Section):
    source: Literal["storybook", "files"]
    files: Files | None
