"""The user's unpaired captions in the target languages → ``data/raw/caption_corpus/``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crosscap.collection.caption_files import read_captions
from crosscap.collection.manifest import Manifest
from crosscap.config.collect import CaptionCorpusFile, Files
from crosscap.errors import InputError
from crosscap.io.artifacts import write_lines
from crosscap.text.captions import NO_IMAGE, Caption, image_number
from crosscap.text.recognition import caption_corpus_format


def collect_caption_corpora(files: Files, targets: Sequence[str], manifest: Manifest) -> None:
    """Write ``caption_corpus/T.txt`` for each target, one caption a line, empty where none are given.

    Images that captions name become the manifest's scenes ``caption_corpus``.

    Raises:
        InputError: a file is missing, broken, or of another layout.
    """
    images: set[int] = set()
    for target in targets:
        given = files.caption_corpus.get(target)
        captions = list(_captions(given, f"caption corpus {target}", manifest)) if given else []
        images |= {image_number(caption.image) for caption in captions if caption.image != NO_IMAGE}
        path = manifest.folder / "caption_corpus" / f"{target}.txt"
        write_lines(path, (caption.text for caption in captions))
        manifest.add(path, len(captions), [given.licence] if given else [], [given.path] if given else [])
    manifest.scenes["caption_corpus"] = [str(number) for number in sorted(images)]


def _captions(given: CaptionCorpusFile, use: str, manifest: Manifest) -> Iterator[Caption]:
    format = given.format or caption_corpus_format(given.path)
    if format == "text" and given.images is not None:
        found, expected = (
            f"{given.images}, a list of images",
            "no list, or a layout with names of images",
        )
        raise InputError("params.yaml", found, expected, record=f"collect.files.caption_corpus, {given.path}")
    return read_captions(given.model_copy(update={"format": format}), use, manifest)
