"""The user's pictures and their annotations → ``images/`` and ``annotations/`` of ``data/raw/``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from crosscap.collection.manifest import Manifest
from crosscap.collection.usable_pictures import usable_pictures
from crosscap.config.collect import ImageFolder, Split
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations, write_annotations
from crosscap.vision.annotations.layouts import annotation_format, read_layout
from crosscap.vision.annotations.pictures import KnownPictures, PictureFile
from crosscap.vision.annotations.reading import Choice, Reading
from crosscap.vision.annotations.vocabulary import Vocabulary

NOTHING = Annotations((), (), (), ())
_JPEG = (".jpg", ".jpeg")


def collect_split(
    split: Split,
    given: ImageFolder | None,
    names: Vocabulary | None,
    number: Callable[[str, Path], int],
    manifest: Manifest,
) -> tuple[Annotations, Vocabulary | None]:
    """Copy the pictures of a split and write its annotations; without pictures an empty folder and lists.

    With annotations the annotated pictures are copied, without them all. What cannot be read is quarantined.

    Args:
        names: of the splits before, which this one shares; None if they had no annotations.
        number: the id of a picture without annotations, by its name and path.

    Returns:
        The annotations, and the names that the splits after this one share.

    Raises:
        InputError: no such folder, or annotations that are broken or of none of its pictures.
    """
    folder = manifest.folder / "images" / split
    folder.mkdir(parents=True)
    found = NOTHING
    if given:
        usable = progress(usable_pictures(Path(given.folder), manifest), f"pictures of {given.folder}")
        pictures = {path.stem: PictureFile(path.name, width, height) for path, width, height in usable}
        if given.annotation_paths:
            found = _annotated(split, given, pictures, names, manifest)
            names = names or Vocabulary(found.classes, found.attributes, found.predicates)
        else:
            found = replace(NOTHING, images=tuple(_bare(name, pictures[name], number, given) for name in pictures))
        found = _copied(found, folder, given, manifest)
    path = manifest.folder / "annotations" / f"instances_{split}.json"
    records = write_annotations(path, found)
    manifest.add(path, records, [given.licence] if given else [], given.annotation_paths if given else [])
    return found, names


def _annotated(
    split: Split,
    given: ImageFolder,
    pictures: dict[str, PictureFile],
    names: Vocabulary | None,
    manifest: Manifest,
) -> Annotations:
    choice = Choice(
        classes=given.classes,
        attributes=given.attributes,
        predicates=given.predicates,
        labels=given.labels,
        object_aliases=given.object_aliases,
        predicate_aliases=given.predicate_aliases,
        validation=given.validation,
    )
    reading = Reading(given.annotation_paths, KnownPictures(pictures), split, choice, names, manifest.set_aside)
    format = given.format or annotation_format(reading.paths)
    found = read_layout(reading, format)
    for file in reading.files:
        for kind, counts in file.counts.items():
            use = f"annotations {split}"
            manifest.add_counts(str(file.path), use, format, given.licence, file.sha256, kind, counts)
    return found


def _bare(name: str, picture: PictureFile, number: Callable[[str, Path], int], given: ImageFolder) -> AnnotatedImage:
    """A picture without annotations."""
    return AnnotatedImage(
        id=number(name, Path(given.folder) / picture.file_name),
        file_name=picture.file_name,
        width=picture.width,
        height=picture.height,
        boxes=np.zeros((0, 4), np.float32),
        labels=np.zeros(0, np.int64),
        attributes=(),
        relations=(),
    )


def _copied(found: Annotations, folder: Path, given: ImageFolder, manifest: Manifest) -> Annotations:
    """Copy the pictures of ``found``, and call them as their copies are."""
    images = []
    for image in progress(found.images, f"copying pictures of {given.folder}"):
        path = Path(given.folder) / image.file_name
        copy = folder / (f"{path.stem}.jpg" if path.suffix.lower() in _JPEG else path.name)
        shutil.copyfile(path, copy)
        manifest.add(copy, 1, [given.licence], [path.name])
        images.append(replace(image, file_name=copy.name))
    return replace(found, images=tuple(images))
