from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from crosscap.collection.declared_files import user_paths
from crosscap.collection.feature_files import collect_image_features
from crosscap.collection.image_files import ImageNames
from crosscap.collection.manifest import Manifest
from crosscap.config.collect import CollectSettings, Files
from crosscap.config.loader import validate_section
from crosscap.errors import InputError
from crosscap.vision.imported_features.source import FeatureSource, read_source


def files(folder: Path, **changes) -> Files:
    (folder / "a.tsv").write_text("features")
    (folder / "objects_vocab.txt").write_text("dog,hound\ncat\n")
    (folder / "listed.txt").write_text("COCO_val2014_000000391895.jpg\n")
    given = {
        "layout": "tsv", "licence": "theirs", "paths": [f"{folder}/a.tsv"], "classes": f"{folder}/objects_vocab.txt",
        "images": {"val": f"{folder}/listed.txt"}, **changes,
    }  # fmt: skip
    return validate_section(Files, "collect.files", {"parallel": [], "image_features": given}, "params.yaml")


def collected(folder: Path, given: Files) -> tuple[FeatureSource, Manifest]:
    raw = folder / "raw"
    raw.mkdir(exist_ok=True)
    with Manifest(raw, "files") as manifest:
        collect_image_features(given, ImageNames(), manifest)
    return read_source(raw / "image_features.json"), manifest


def test_features_stay_where_they_are_and_their_sums_are_written_down(tmp_path):
    source, manifest = collected(tmp_path, files(tmp_path))
    (file,) = source.files
    sha256 = hashlib.sha256(b"features").hexdigest()
    assert (file.path, file.sha256, file.files) == (f"{tmp_path}/a.tsv", sha256, 1)
    assert (source.layout, source.classes, source.attributes, source.max_missing) == ("tsv", ("dog", "cat"), (), 0.01)
    assert source.images == {"val": [{"id": 391895, "file_name": "COCO_val2014_000000391895.jpg"}]}
    (entry,) = (entry for entry in manifest.inputs if entry["use"] == "image features")
    assert (entry["sha256"], entry["licence"], entry["unit"], entry["read"]) == (sha256, "theirs", "files", 1)
    assert manifest.images == {"val": [391895]}
    assert manifest.files["image_features.json"]["licence"] == "theirs"


def test_of_a_folder_each_file_counts(tmp_path):
    folder = tmp_path / "npz"
    folder.mkdir()
    (folder / "1.npz").write_bytes(b"one")
    (folder / "2.npz").write_bytes(b"two")
    (folder / "readme.txt").write_text("")
    given = files(tmp_path, layout="npz", paths=[str(folder)])
    before = collected(tmp_path, given)[0].files[0]
    (folder / "2.npz").rename(folder / "3.npz")
    after = collected(tmp_path, given)[0].files[0]
    assert before.files == after.files == 2 and before.sha256 != after.sha256


def test_without_features_the_description_says_so(tmp_path):
    assert collected(tmp_path, Files(parallel=()))[0] == FeatureSource()


def test_the_files_are_watched(tmp_path):
    watched = user_paths(CollectSettings(source="files", files=files(tmp_path)))
    assert [path.rpartition("/")[2] for path in watched] == ["a.tsv", "listed.txt", "objects_vocab.txt"]


def test_half_a_pair_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"image_features\.paths: found 1 paths, expected pairs"):
        collected(tmp_path, files(tmp_path, layout="flat_h5"))
