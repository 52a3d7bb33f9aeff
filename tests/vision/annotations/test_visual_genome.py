from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from crosscap.errors import InputError
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.annotations.layouts import read_layout
from crosscap.vision.annotations.pictures import KnownPictures, PictureFile
from crosscap.vision.annotations.reading import Choice, Reading
from tests.vision.annotations.replicas import counts, read, told, vg_graphs, vg_images, vg_parts, write

REALDATA = Path(os.environ.get("CROSSCAP_REALDATA", Path(__file__).parents[4] / "shared/data"))


def read_graphs(folder: Path, graphs: Any, **choice: Any) -> Any:
    return read(write(folder, scene_graphs=graphs, image_data=vg_images()), **choice)


def test_the_most_frequent_names_are_taken_and_ties_go_by_the_alphabet(tmp_path: Path) -> None:
    found, _, reading = read_graphs(tmp_path, vg_graphs(), classes=2, attributes=1, predicates=1)
    # three men, the third in a picture that is not there; the others once
    assert (found.classes, found.attributes, found.predicates) == (("man", "ball"), ("tall",), ("on",))
    assert [len(image.boxes) for image in found.images] == [1, 1]
    assert counts(reading)["objects"] == (6, 2, 0, 4)


def test_synsets_name_objects_and_where_there_are_none_the_words_do(tmp_path: Path) -> None:
    graphs = vg_graphs()
    graphs[0]["objects"][0]["synsets"] = ["adult_male.n.01"]
    graphs[0]["objects"][1]["synsets"] = []
    graphs[0]["relationships"][0]["synsets"] = ["along.r.01"]
    found, _, _ = read_graphs(tmp_path, graphs, labels="synsets")
    assert [name for name, _ in told(found, found.images[0])[0]] == ["adult male", "horse"]
    assert found.images[0].relations == ((0, "along", 1), (1, "next to", 0))


def test_aliases_bring_names_together(tmp_path: Path) -> None:
    (tmp_path / "object_alias.txt").write_text("animal,horse, Dog\nhorse,mare\n\n")
    (tmp_path / "relationship_alias.txt").write_text("near,next to\n")
    aliases = {f"{kind}_aliases": str(tmp_path / f"{name}_alias.txt") for kind, name in
               (("object", "object"), ("predicate", "relationship"))}  # fmt: skip
    found, _, reading = read_graphs(tmp_path, vg_graphs(), **aliases)
    assert sorted(found.classes) == ["animal", "ball", "man"]
    assert found.images[0].relations == ((0, "on", 1), (1, "near", 0))
    assert counts(reading)["groups"] == (3, 3, 0, 0)


def test_an_object_that_others_were_merged_into_answers_to_their_ids(tmp_path: Path) -> None:
    graphs = vg_graphs()
    graphs[0]["objects"][1]["merged_object_ids"] = [99]
    graphs[0]["relationships"][0]["object_id"] = 99
    found, records, _ = read_graphs(tmp_path, graphs)
    assert found.images[0].relations == ((0, "on", 1), (1, "next to", 0))
    assert records == []


def test_broken_records_are_set_aside_with_their_reasons(tmp_path: Path) -> None:
    graphs = vg_graphs()
    man, horse = graphs[0]["objects"]
    horse["w"] = "wide"
    graphs[0]["objects"] += [{**man, "names": ["dog"]}, {**man, "object_id": 72, "names": []}, "man"]
    man["attributes"] = ["red", None, " RED "]
    graphs[0]["relationships"].append({"subject_id": 70, "object_id": 5, "predicate": "on"})
    graphs += [graphs[0], {"image_id": 6, "objects": [], "relationships": []}, {"image_id": 7}]
    found, records, reading = read_graphs(tmp_path, graphs)
    assert [len(image.boxes) for image in found.images] == [1, 2]
    assert [(record.line, record.reason) for record in records] == [
        (1, "unknown attribute"),
        (1, "attribute stands twice: red"),
        (1, "no box of four numbers"),
        (1, "object id stands twice: 70"),
        (1, "unknown class"),
        (1, "no object"),
        (1, "unknown object: 5"),
        (4, "image stands twice: 7"),
        (5, "unknown image: 6"),
        (6, "no image_id and list of objects"),
    ]
    assert counts(reading)["entries"] == (6, 3, 3, 0)
    assert counts(reading)["relations"] == (5, 1, 3, 1)  # two hang on the horse


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["objects", "relationships"], "found files of objects, relationships, expected image_data.json and"),
        (["image_data", "relationships"], "found files of images, relationships"),
        (["image_data", "objects", "objects"], r"objects\.json: found entries with the keys"),
    ],
)
def test_files_that_do_not_make_a_whole_are_refused(tmp_path: Path, names: list[str], message: str) -> None:
    vg_parts(tmp_path)
    with pytest.raises(InputError, match=message):
        read([tmp_path / f"{name}.json" for name in names])


@pytest.mark.realdata
@pytest.mark.parametrize(
    "names", [["image_data", "scene_graphs"], ["image_data", "objects_v1_2", "attributes", "relationships_v1_2"]]
)
def test_the_sample_of_a_hundred_images_is_read_whole(names: list[str]) -> None:
    folder = REALDATA / "vg_sample"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent (set CROSSCAP_REALDATA to the folder of the real data)")
    paths = [folder / f"vg_{name}.json" for name in names]
    sizes = {str(e["image_id"]): (e["width"], e["height"]) for e in json.loads(paths[0].read_text())}
    pictures = KnownPictures({name: PictureFile(f"{name}.jpg", *size) for name, size in sizes.items()})

    def found(choice: Choice) -> tuple[Annotations, Reading]:
        reading = Reading(paths, pictures, choice=choice)
        return read_layout(reading), reading

    whole, reading = found(Choice())
    assert len(whole.images) == 100
    assert counts(reading)["objects"] == (3671, 3671, 0, 0)
    read_, kept, quarantined, unselected = counts(reading)["relations"]
    assert (read_, unselected) == (2615, 0)
    assert kept + quarantined == 2615 and quarantined < 700  # annotators told many relations twice
    assert sum(len(image.relations) for image in whole.images) == kept
    some, reading = found(Choice(150, 200, 50))
    assert (len(some.classes), len(some.attributes), len(some.predicates)) == (150, 200, 50)
    assert some.classes[:3] == ("window", "chair", "table") and some.predicates[0] == "on"
    assert counts(reading)["objects"] == (3671, 2353, 0, 1318)
    assert counts(reading)["relations"] == (2615, 1011, 240, 1364)
    assert counts(reading)["attributes"] == (2931, 1708, 0, 1223)
