"""The user's files → a whole ``data/raw/`` with its manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from crosscap.collection.caption_corpora import collect_caption_corpora
from crosscap.collection.feature_files import collect_image_features
from crosscap.collection.image_files import SPLITS, ImageNames, collect_captions, collect_graphs, collect_images
from crosscap.collection.manifest import Manifest
from crosscap.collection.text_files import (
    collect_dictionaries,
    collect_lexicons,
    collect_parallel,
    collect_segmentation,
    collect_treebanks,
)
from crosscap.config.collect import Files
from crosscap.errors import InputError
from crosscap.graph.tables import write_graphs
from crosscap.io.tables import write_table

FILTER_GOLD = pa.schema([("id", pa.string()), ("keep", pa.bool_()), ("reason", pa.string())])


def collect_user_files(folder: Path, files: Files, source: str, targets: Sequence[str]) -> Manifest:
    """Write everything that docs/contracts.md lists under ``data/raw/`` to the empty ``folder``.

    What the user did not give is there, empty. Gold stands only for the storybook and is empty too.

    Raises:
        InputError: a file is missing or broken, or a caption of an evaluated image is in the parallel text.
    """
    with Manifest(folder, "files") as manifest:
        _collect(manifest, files, source, targets)
        manifest.write()
    return manifest


def _collect(manifest: Manifest, files: Files, source: str, targets: Sequence[str]) -> None:
    folder, names = manifest.folder, ImageNames()
    collect_images(files, names, manifest)
    collect_captions(files, targets, names, manifest)
    collect_graphs(files, names, manifest)
    collect_image_features(files, names, manifest)
    for split in SPLITS:
        manifest.scenes[split] = [str(number) for number in manifest.images[split]]
    collect_parallel(files, source, targets, manifest)
    collect_caption_corpora(files, targets, manifest)
    check_no_leak(manifest)
    collect_segmentation(files, (source, *targets), manifest)
    collect_dictionaries(files, (source, *targets), manifest)
    collect_lexicons(files, targets, manifest)
    collect_treebanks(files, source, manifest)
    for target in targets:
        path = folder / "gold" / f"filter_{target}.parquet"
        write_table(path, (), FILTER_GOLD)
        manifest.add(path, 0)
        path = folder / "gold" / f"sentence_graphs_{target}.parquet"
        write_graphs(path, ())
        manifest.add(path, 0)


# What models are trained on: its key in the manifest's scenes, what it is called, and its key in collect.files.
_TRAINING_TEXT = {"text": ("the parallel text", "parallel"), "caption_corpus": ("the caption corpus", "caption_corpus")}


def check_no_leak(manifest: Manifest) -> None:
    """Refuse a training text that holds captions of images to be evaluated.

    Raises:
        InputError: they share images, the first of which is named.
    """
    for scenes, (name, key) in _TRAINING_TEXT.items():
        for split in ("val", "test"):
            both = sorted(set(manifest.scenes[scenes]) & set(manifest.scenes[split]), key=int)
            if both:
                raise InputError(
                    "params.yaml",
                    f"{len(both)} images of {split} whose captions are in {name}, first {both[0]}",
                    "training text without captions of evaluated images",
                    f"Give collect.files.{key} an image list of the training split.",
                    "section collect.files",
                )
