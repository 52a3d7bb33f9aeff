"""The storybook → a whole ``data/raw/`` with its manifest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from crosscap.collection.manifest import Manifest
from crosscap.collection.text_files import PAIRS
from crosscap.collection.user_files import FILTER_GOLD
from crosscap.config.storybook import StorybookSettings
from crosscap.errors import InputError
from crosscap.graph.tables import write_graphs
from crosscap.io.artifacts import write_json, write_lines
from crosscap.io.tables import write_table
from crosscap.storybook.bilingual import word_pairs
from crosscap.storybook.noise import CLEAN
from crosscap.storybook.parallel_text import (
    bare,
    caption_corpus,
    caption_dictionary,
    make_parallel_text,
    told_scenes,
)
from crosscap.storybook.pictures import captions, draw, instances, sample_pictures
from crosscap.storybook.telling import LANGUAGES
from crosscap.storybook.treebanks import make_treebank
from crosscap.text.dictionaries import dictionary_lines, lexicon_lines
from crosscap.vision.imported_features.source import FeatureSource, write_source

LICENCE = "MIT"
SPLITS = ("train", "val", "test")


def build_raw(folder: Path, storybook: StorybookSettings, source: str, targets: Sequence[str]) -> None:
    """Write everything that docs/contracts.md lists under ``data/raw/`` to the empty ``folder``.

    Every file depends on the seed, its own sizes and its own language alone: another target leaves the files of the
    first as they are. Pictures, corpora, treebanks and dictionaries are told of scenes of their own.

    Raises:
        InputError: a language that the storybook does not speak.
    """
    _check_languages(source, targets)
    with Manifest(folder, "storybook") as manifest:
        book = _Book(manifest, storybook)
        forbidden = book.pictures(targets)
        for target in targets:
            book.parallel(target, forbidden[target])
            book.caption_corpus(target, forbidden[target])
            book.lexicon(target)
        book.dictionaries((source, *targets))
        book.treebanks((source, *targets))
        manifest.write()


def _check_languages(source: str, targets: Sequence[str]) -> None:
    if source != "en":
        raise InputError("params.yaml", repr(source), "en, the source of the storybook", record="key languages.source")
    for target in targets:
        if target not in LANGUAGES or target == source:
            expected = f"one of {', '.join(LANGUAGES[1:])}, which the storybook speaks"
            raise InputError("params.yaml", repr(target), expected, record="key languages.targets")


class _Book:
    def __init__(self, manifest: Manifest, settings: StorybookSettings) -> None:
        self.manifest, self.folder, self.settings = manifest, manifest.folder, settings

    def enter(self, path: Path, records: int) -> None:
        self.manifest.add(path, records, (LICENCE,))

    def lines(self, name: str, lines: Iterable[str]) -> None:
        listed = list(lines)
        write_lines(self.folder / name, listed)
        self.enter(self.folder / name, len(listed))

    def json(self, name: str, value: dict[str, Any]) -> None:
        write_json(self.folder / name, value)
        self.enter(self.folder / name, len(value["annotations"]))

    def pictures(self, targets: Sequence[str]) -> dict[str, set[str]]:
        """Pictures, annotations, evaluation captions; returns these captions, bare, by language."""
        told: dict[str, set[str]] = {target: set() for target in targets}
        for split in SPLITS:
            pictures = sample_pictures(split, getattr(self.settings.images, split), self.settings.seed)
            folder = self.folder / "images" / split
            sizes = draw(pictures, folder, self.settings.images.quality)
            for picture in pictures:
                self.enter(folder / picture.file_name, 1)
            self.manifest.images[split] = [picture.id for picture in pictures]
            self.manifest.scenes[split] = [picture.scene.id for picture in pictures]
            self.json(f"annotations/instances_{split}.json", instances(pictures, sizes))
            self.lines(f"image_graphs/graphs_{split}.jsonl", ())
            self.lines(f"image_graphs/sentences_{split}.jsonl", ())
            for target in targets if split != "train" else ():
                value = captions(pictures, target, self.settings.images.captions, self.settings.seed)
                self.json(f"captions/captions_{split}_{target}.json", value)
                told[target] |= {bare(annotation["caption"]) for annotation in value["annotations"]}
        write_source(self.folder / "image_features.json", FeatureSource())
        self.enter(self.folder / "image_features.json", 0)
        return told

    def parallel(self, target: str, forbidden: set[str]) -> None:
        corpus = make_parallel_text(target, self.settings, forbidden)
        ids = [f"pair-{number:07d}" for number in range(1, len(corpus.pairs) + 1)]
        rows = [
            {"id": id, "source": pair.source, "target": pair.target, "origin": pair.origin}
            for id, pair in zip(ids, corpus.pairs, strict=True)
        ]
        path = self.folder / "parallel" / f"{target}.parquet"
        write_table(path, rows, PAIRS)
        self.enter(path, len(rows))
        gold = [
            {"id": id, "keep": pair.reason == CLEAN, "reason": pair.reason}
            for id, pair in zip(ids, corpus.pairs, strict=True)
        ]
        path = self.folder / "gold" / f"filter_{target}.parquet"
        write_table(path, gold, FILTER_GOLD)
        self.enter(path, len(gold))
        graphs = [replace(graph, id=ids[position]) for position, graph in sorted(corpus.graphs.items())]
        path = self.folder / "gold" / f"sentence_graphs_{target}.parquet"
        write_graphs(path, graphs)
        self.enter(path, len(graphs))
        self.manifest.scenes["text"] = [*self.manifest.scenes.get("text", ()), *corpus.scenes]

    def caption_corpus(self, target: str, forbidden: set[str]) -> None:
        captions, scenes = caption_corpus(target, self.settings.caption_corpus, self.settings.seed, forbidden)
        self.lines(f"caption_corpus/{target}.txt", captions)
        self.manifest.scenes["caption_corpus"] = [*self.manifest.scenes.get("caption_corpus", ()), *scenes]

    def lexicon(self, target: str) -> None:
        pairs = lexicon_lines(word_pairs(target), self.settings.lexicon_test)
        self.lines(f"lexicon/{target}.tsv", pairs)

    def dictionaries(self, languages: Sequence[str]) -> None:
        told = told_scenes("dictionary", self.settings.dictionary_captions, self.settings.seed)
        self.manifest.scenes["dictionary"] = list(dict.fromkeys(telling.english.graph.id for telling in told))
        for language in languages:
            self.lines(f"segmentation/{language}.txt", ())
            self.lines(f"dictionary/{language}.txt", dictionary_lines(caption_dictionary(language, told)))

    def treebanks(self, languages: Sequence[str]) -> None:
        settings = self.settings.treebanks
        scenes: list[list[str]] = []
        for split, size in (("train", settings.train), ("dev", settings.dev)):
            bank = make_treebank(split, size, settings.unknown_words, self.settings.seed)
            scenes.append(bank.scenes)
            path = self.folder / "treebanks" / f"en_dependency_{split}.conllu"
            write_lines(path, (block.removesuffix("\n") for block in bank.dependencies))
            self.enter(path, len(bank.dependencies))
            for language in languages:
                if language in bank.constituents:
                    self.lines(f"treebanks/{language}_constituency_{split}.txt", bank.constituents[language])
        self.manifest.scenes["treebank"] = list(chain(*scenes))
