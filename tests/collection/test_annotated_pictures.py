from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crosscap.collection.declared_files import user_paths
from crosscap.collection.image_files import ImageNames, collect_images
from crosscap.collection.manifest import Manifest
from crosscap.config.collect import CollectSettings
from crosscap.config.loader import validate_section
from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.vision.annotations.annotated_images import read_annotations
from tests.vision.annotations.replicas import REPLICAS, SIZES, WORLD


def given(folder: Path, replica: str, **more: Any) -> dict[str, Any]:
    """The parameters of a split with pictures 7 and 8 (JPEG, PNG), one without annotations, and one that is none."""
    pictures = folder / "pictures"
    pictures.mkdir(exist_ok=True)
    Image.new("RGB", SIZES[7]).save(pictures / "7.JPEG")
    Image.new("RGB", SIZES[8]).save(pictures / "8.png")
    Image.new("RGB", (9, 9)).save(pictures / "77777.jpg")
    (pictures / "9.jpg").write_text("no picture")
    paths = [str(path) for path in REPLICAS[replica](folder)]
    annotations = paths[0] if len(paths) == 1 else paths
    return {"folder": str(pictures), "licence": "mine", "annotations": annotations, "validation": 0, **more}


def collected(folder: Path, images: dict[str, Any]) -> Path:
    """``data/raw`` with nothing but the pictures."""
    given = {"source": "files", "files": {"parallel": [], "images": images}}
    files = validate_section(CollectSettings, "collect", given, "params.yaml").files
    assert files is not None
    (folder / "raw").mkdir()
    with Manifest(folder / "raw", "files") as manifest:
        collect_images(files, ImageNames(), manifest)
        manifest.write()
    return folder / "raw"


@pytest.mark.parametrize("replica", REPLICAS)
def test_annotations_of_every_layout_become_the_contract_with_their_pictures(tmp_path: Path, replica: str) -> None:
    raw = collected(tmp_path, images={"train": given(tmp_path, replica)})
    found = read_annotations(raw / "annotations/instances_train.json")
    assert [(image.id, image.file_name, len(image.boxes)) for image in found.images] == [
        (7, "7.jpg", 2),
        (8, "8.png", 2),
    ]
    assert [len(image.relations) for image in found.images] == [2, 1]
    assert sorted(path.name for path in (raw / "images/train").iterdir()) == ["7.jpg", "8.png"]
    manifest = read_json(raw / "manifest.json")
    assert manifest["images"]["train"] == [7, 8]
    assert manifest["files"]["annotations/instances_train.json"]["licence"] == "mine"
    inputs = {entry["unit"]: entry for entry in manifest["inputs"] if entry["use"] == "annotations train"}
    objects = inputs["objects"]
    assert (objects["format"], objects["read"], objects["kept"]) == (replica.split()[0], 6, 4)
    assert (objects["quarantined"], objects["unselected"], objects["reasons"]) == (0, 2, {})
    assert inputs["images"]["unselected"] == 1
    assert manifest["quarantined"] == {"no picture": 1}


def test_splits_share_the_names_of_the_first_that_has_annotations(tmp_path: Path) -> None:
    (tmp_path / "val").mkdir()
    splits = {"train": given(tmp_path, "gqa", classes=2), "val": given(tmp_path / "val", "gqa")}
    shutil.rmtree(tmp_path / "val" / "pictures")
    splits["val"]["folder"] = splits["train"]["folder"]
    raw = collected(tmp_path, images=splits)
    train, val = (read_annotations(raw / f"annotations/instances_{split}.json") for split in splits)
    assert train.classes == val.classes == ("man", "ball")
    assert read_annotations(raw / "annotations/instances_test.json").classes == ()


def test_broken_records_stand_in_the_quarantine_and_in_the_manifest(tmp_path: Path) -> None:
    train = given(tmp_path, "gqa")
    value = json.loads(Path(train["annotations"]).read_text())
    value["8"]["objects"]["80"]["w"] = 0
    Path(train["annotations"]).write_text(json.dumps(value))
    raw = collected(tmp_path, images={"train": train})
    records = [json.loads(line) for line in (raw / "quarantine/records.jsonl").read_text().splitlines()]
    assert [(record["file"], record["line"], record["reason"].split(":")[0]) for record in records] == [
        ("9.jpg", 1, "no picture"),
        ("train_sceneGraphs.json", 2, "empty box"),
    ]
    assert json.loads(records[1]["text"])["id"] == "80"
    manifest = read_json(raw / "manifest.json")
    assert manifest["quarantined"] == {"no picture": 1, "empty box": 1}
    (relations,) = [entry for entry in manifest["inputs"] if entry["unit"] == "relations"]
    assert (relations["quarantined"], relations["reasons"]) == (1, {"object left out": 1})


def test_annotations_of_other_pictures_stop_at_once(tmp_path: Path) -> None:
    train = given(tmp_path, "coco")
    for name in ("7.JPEG", "8.png"):
        (tmp_path / "pictures" / name).unlink()
    with pytest.raises(InputError, match=r"instances\.json: found no annotations of the pictures in the fol"):
        collected(tmp_path, images={"train": train})


def test_a_format_that_is_not_known_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found format 'vg', expected one of coco, vrd, vg150"):
        collected(tmp_path, images={"train": given(tmp_path, "gqa", format="vg")})


def test_every_file_of_annotations_is_watched(tmp_path: Path) -> None:
    train = given(tmp_path, "visual_genome", object_aliases="alias.txt")
    given_files = {"source": "files", "files": {"parallel": [], "images": {"train": train}}}
    watched = user_paths(validate_section(CollectSettings, "collect", given_files, "params.yaml"))
    assert {*train["annotations"], train["folder"], "alias.txt"} <= set(watched)


def test_pictures_without_annotations_are_all_taken(tmp_path: Path) -> None:
    train = {**given(tmp_path, "coco"), "annotations": None}
    raw = collected(tmp_path, images={"train": train})
    found = read_annotations(raw / "annotations/instances_train.json")
    assert sorted(image.file_name for image in found.images) == ["7.jpg", "77777.jpg", "8.png"]
    assert all(len(image.boxes) == 0 for image in found.images)
    assert WORLD.keys() - {9} <= {image.id for image in found.images}
