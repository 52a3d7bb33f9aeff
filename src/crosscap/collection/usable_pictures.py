"""Which files of a user's folder are pictures, and why the others are not taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crosscap.collection.manifest import Manifest
from crosscap.errors import InputError, printable
from crosscap.text.source_file import Quarantined
from crosscap.vision.images import picture_size
from crosscap.vision.picture_formats import SUFFIXES, UNREAD_SUFFIXES


def usable_pictures(folder: Path, manifest: Manifest) -> Iterator[tuple[Path, int, int]]:
    """The pictures of a folder by name, each with the width and height that it has upright.

    What is called like a picture and cannot be used is quarantined: by its header it is none, it is beyond the limits
    of `crosscap.vision.images`, its name is no line of text, or another picture has its name. Damage behind the
    header is found where the picture is decoded. Other files do not count.

    Raises:
        InputError: the folder does not exist.
    """
    if not folder.is_dir():
        raise InputError(folder, "no such folder", "a folder of pictures", "Check collect.files.images.")
    taken: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES + UNREAD_SUFFIXES:
            continue
        reason = ""
        if not path.name.isprintable():
            reason = "unusable name: found bytes that are no UTF-8, or control characters"
        elif path.stem in taken:
            reason = f"unusable name: found two pictures {path.stem}, taken is {taken[path.stem]}"
        else:
            try:
                width, height = picture_size(path)
            except InputError as error:
                reason = f"no picture: found {error.found}"
        if reason:
            manifest.set_aside(Quarantined(printable(path.name), 1, reason))
        else:
            taken[path.stem] = path.name
            yield path, width, height
