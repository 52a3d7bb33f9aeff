from __future__ import annotations

import hashlib

import pytest

from crosscap.collection.declared_files import user_paths
from crosscap.config.collect import CollectSettings
from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.vision.imported_features.source import FeatureSource, read_source
from tests.collection.test_user_files import collected, user_files


def given(folder, **changes):
    (folder / "a.tsv").write_text("features")
    (folder / "objects_vocab.txt").write_text("dog,hound\ncat\n")
    (folder / "listed.txt").write_text("COCO_val2014_000000391895.jpg\n")
    return {
        "layout": "tsv", "licence": "theirs", "paths": [f"{folder}/a.tsv"], "classes": f"{folder}/objects_vocab.txt",
        "images": {"val": f"{folder}/listed.txt"}, **changes,
    }  # fmt: skip


def test_features_stay_where_they_are_and_their_sums_are_written_down(tmp_path):
    raw = collected(tmp_path, image_features=given(tmp_path))
    source = read_source(raw / "image_features.json")
    (file,) = source.files
    sha256 = hashlib.sha256(b"features").hexdigest()
    assert (file.path, file.sha256, file.files) == (f"{tmp_path}/a.tsv", sha256, 1)
    assert (source.layout, source.classes, source.attributes, source.max_missing) == ("tsv", ("dog", "cat"), (), 0.01)
    assert source.images == {"val": [{"id": 391895, "file_name": "COCO_val2014_000000391895.jpg"}]}
    manifest = read_json(raw / "manifest.json")
    (entry,) = (entry for entry in manifest["inputs"] if entry["use"] == "image features")
    assert (entry["sha256"], entry["licence"], entry["unit"], entry["read"]) == (sha256, "theirs", "files", 1)
    assert 391895 in manifest["images"]["val"] and "391895" in manifest["scenes"]["val"]
    assert manifest["files"]["image_features.json"]["licence"] == "theirs"


def test_of_a_folder_each_file_counts(tmp_path):
    folder = tmp_path / "npz"
    folder.mkdir()
    (folder / "1.npz").write_bytes(b"one")
    (folder / "2.npz").write_bytes(b"two")
    (folder / "readme.txt").write_text("")
    raw = collected(tmp_path, image_features=given(tmp_path, layout="npz", paths=[str(folder)]))
    before = read_source(raw / "image_features.json").files[0]
    (folder / "2.npz").rename(folder / "3.npz")
    raw.rename(tmp_path / "before")
    after = read_source(
        collected(tmp_path, image_features=given(tmp_path, layout="npz", paths=[str(folder)])) / "image_features.json"
    ).files[0]
    assert before.files == after.files == 2 and before.sha256 != after.sha256


def test_without_features_the_description_says_so(tmp_path):
    assert read_source(collected(tmp_path) / "image_features.json") == FeatureSource()


def test_the_files_are_watched(tmp_path):
    files = user_files(tmp_path, image_features=given(tmp_path))
    watched = {path.rpartition("/")[2] for path in user_paths(CollectSettings(source="files", files=files))}
    assert {"a.tsv", "objects_vocab.txt", "listed.txt"} <= watched


def test_half_a_pair_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"image_features\.paths: found 1 paths, expected pairs"):
        collected(tmp_path, image_features=given(tmp_path, layout="flat_h5"))
