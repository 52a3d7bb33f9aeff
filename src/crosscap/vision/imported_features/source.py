"""``data/raw/image_features.json``: which files hold the pictures' features, as `collect` found them.

The files themselves stay where they are, they are too large to be copied. Their sums stand here, so that stages that
read them run again when they changed.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json, sha256_of, write_json


@dataclass(frozen=True)
class FeatureFile:
    """A file or folder: ``files`` in it, and their sum (of a folder: of its files' names and sums)."""

    path: str
    sha256: str
    files: int


@dataclass(frozen=True)
class FeatureSource:
    """Everything about imported features but themselves.

    Attributes:
        layout: None where there are none; else a key of `crosscap.vision.imported_features.importing.LAYOUTS`.
        files: in the order that the layout wants.
        classes, attributes: names of what the ids in the files mean; empty where they are not known.
        max_missing: the share of pictures that may have no features.
        images: by split ``{"id", "file_name"}`` of images that are no pictures in data/raw.
    """

    layout: str | None = None
    files: tuple[FeatureFile, ...] = ()
    classes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    max_missing: float = 0.0
    images: dict[str, list[dict[str, int | str]]] = field(default_factory=dict)


def describe_file(path: str) -> FeatureFile:
    """Read a file, or a folder's ``.npz`` or ``.npy`` files, for their sum.

    Raises:
        InputError: there is nothing at ``path``, or nothing in it.
    """
    if not Path(path).is_dir():
        if not Path(path).is_file():
            raise InputError(path, "no such file or folder", "image features", "Check collect.files.image_features.")
        return FeatureFile(path, sha256_of(path), 1)
    digest, names = hashlib.sha256(), list_files(Path(path), (".npz", ".npy"))
    for name in names:
        digest.update(f"{sha256_of(Path(path) / name)}  {name}\n".encode(errors="surrogateescape"))
    return FeatureFile(path, digest.hexdigest(), len(names))


def list_files(folder: Path, suffix: str | tuple[str, ...]) -> list[str]:
    """Names of the files of ``folder`` that end in ``suffix`` (or one of several), sorted.

    Raises:
        InputError: no such folder, or no such file in it.
    """
    kind = suffix if isinstance(suffix, str) else " or ".join(suffix)
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(suffix) and entry.is_file())
    except OSError as error:
        raise InputError(folder, error.strerror or str(error), f"a folder of {kind} files") from None
    if not names:
        raise InputError(folder, f"no {kind} file", f"a folder of {kind} files")
    return names


def check_unchanged(source: FeatureSource) -> None:
    """Compare the files with their sums.

    Raises:
        InputError: one is missing or has changed since `collect` saw it.
    """
    for file in source.files:
        if describe_file(file.path) != file:
            found = "a file that has changed since it was collected"
            raise InputError(file.path, found, f"sha256 {file.sha256}", "Run `dvc repro collect` first.")


def write_source(path: str | Path, source: FeatureSource) -> None:
    write_json(path, asdict(source))


def read_source(path: str | Path) -> FeatureSource:
    """What `write_source` wrote.

    Raises:
        InputError: the file is missing or another one.
    """
    value = read_json(path)
    try:
        files = tuple(FeatureFile(**file) for file in value.pop("files"))
        classes, attributes = tuple(value.pop("classes")), tuple(value.pop("attributes"))
        return FeatureSource(files=files, classes=classes, attributes=attributes, **value)
    except (AttributeError, KeyError, TypeError):
        raise InputError(path, "another description", "what `collect` writes") from None
