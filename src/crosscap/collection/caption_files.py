"""The user's caption files, whatever their layouts."""

from __future__ import annotations

from collections.abc import Iterator

from crosscap.collection.corpora import selected_images
from crosscap.collection.manifest import Manifest
from crosscap.config.collect import CaptionCorpusFile, CaptionFile, DictionaryFile
from crosscap.text.captions import (
    Caption,
    read_caption_lines,
    read_challenger_captions,
    read_coco_captions,
    read_plain_captions,
)
from crosscap.text.recognition import caption_format
from crosscap.text.source_file import SourceFile

_READERS = {
    "text": lambda file, images: read_plain_captions(file),
    "captions": read_caption_lines,
    "coco": read_coco_captions,
    "ai_challenger": read_challenger_captions,
}


def read_captions(
    given: CaptionFile | DictionaryFile | CaptionCorpusFile, use: str, manifest: Manifest
) -> Iterator[Caption]:
    """The selected captions of one file, which is entered into ``manifest`` as an input for ``use``.

    Raises:
        InputError: the file is missing, broken, or of another layout.
    """
    file = SourceFile(given.path, manifest.set_aside)
    format = given.format or caption_format(given.path)
    yield from _READERS[format](file, selected_images(given))
    manifest.add_input(file, use, format, given.licence)
