"""The user's image features → ``data/raw/image_features.json``."""

from __future__ import annotations

from crosscap.collection.image_files import ImageNames, enter_images
from crosscap.collection.manifest import Manifest
from crosscap.config.collect import Files, ImageFeatures
from crosscap.errors import InputError
from crosscap.text.captions import read_image_list
from crosscap.vision.imported_features.class_names import read_names
from crosscap.vision.imported_features.source import FeatureSource, describe_file, write_source

_PAIRED = ("npz_npy", "flat_h5")


def collect_image_features(files: Files, names: ImageNames, manifest: Manifest) -> None:
    """Write where the features are and what they sum to; they are read by `detect_objects`.

    Raises:
        InputError: a file is missing, or one of a pair.
    """
    given = files.image_features
    path = manifest.folder / "image_features.json"
    write_source(path, FeatureSource() if given is None else _source(given, names, manifest))
    manifest.add(path, len(given.paths) if given else 0, [given.licence] if given else [], given.paths if given else [])


def _source(given: ImageFeatures, names: ImageNames, manifest: Manifest) -> FeatureSource:
    if given.layout in _PAIRED and len(given.paths) % 2:
        record = "key collect.files.image_features.paths"
        raise InputError("params.yaml", f"{len(given.paths)} paths", "pairs of them", "See docs/own-data.md.", record)
    described = tuple(describe_file(path) for path in given.paths)
    for file in described:
        entry = file.path, "image features", given.layout, given.licence, file.sha256, "files", file.files
        manifest.add_whole_input(*entry)
    images: dict[str, list[dict[str, int | str]]] = {}
    for split, path in given.images.items():
        stems = read_image_list(path)
        images[split] = [{"id": names.number(stem, path), "file_name": f"{stem}.jpg"} for stem in stems]
        manifest.add_checked_input(path, f"images of {split} with features", given.licence, len(stems))
        enter_images(manifest, split, [int(image["id"]) for image in images[split]])
    lists: dict[str, tuple[str, ...]] = {}
    for what, listed in (("classes", given.classes), ("attributes", given.attributes)):
        lists[what] = read_names(listed) if listed else ()
        if listed:
            manifest.add_checked_input(listed, f"{what} of image features", given.licence, len(lists[what]))
    return FeatureSource(given.layout, described, lists["classes"], lists["attributes"], given.max_missing, images)
