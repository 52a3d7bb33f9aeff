from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosscap.errors import InputError
from crosscap.vision.annotations.open_images import OpenImagesClass, read_open_images_classes

LINES = '/m/011k07,Tortoise\n/m/0k4j,Car\n/m/0pg52,"Taxi, cab"\n/m/0h9mv,Tire\n'
TREE: dict[str, Any] = {
    "LabelName": "/m/0bl9f",
    "Subcategory": [
        {"LabelName": "/m/011k07"},
        {
            "LabelName": "/m/0k4j",
            "Subcategory": [{"LabelName": "/m/0pg52"}],
            "Part": [{"LabelName": "/m/0h9mv", "Subcategory": []}],
        },
        {"LabelName": "/m/0pg52", "Part": [{"LabelName": "/m/0h9mv"}]},
    ],
}


def classes(folder: Path, lines: str, tree: Any = None) -> tuple[OpenImagesClass, ...]:
    (folder / "classes.csv").write_text(lines)
    (folder / "tree.json").write_text(json.dumps(tree))
    return read_open_images_classes(folder / "classes.csv", folder / "tree.json" if tree is not None else None)


@pytest.mark.parametrize("header", ["", "LabelName,DisplayName\n"])
def test_classes_come_with_lowercase_names_and_what_they_are_a_kind_of(tmp_path: Path, header: str) -> None:
    assert classes(tmp_path, header + LINES, TREE) == (
        OpenImagesClass("/m/011k07", "tortoise"),
        OpenImagesClass("/m/0k4j", "car"),
        OpenImagesClass("/m/0pg52", "taxi, cab", ("/m/0k4j",)),
        OpenImagesClass("/m/0h9mv", "tire"),
    )


@pytest.mark.parametrize(
    ("lines", "tree", "message"),
    [
        ("", None, "found no classes"),
        ("Tortoise\n", None, "line 1: found 'Tortoise'"),
        ("/m/1,a\n/m/2,\n", None, "line 2: found '/m/2,'"),
        ("/m/1,a\n/m/1,b\n", None, "line 2: found the id /m/1 twice"),
        (LINES, [], "tree.json: found"),
        (LINES, {"LabelName": "/m/0bl9f", "Subcategory": [5]}, "tree.json: found 5"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, lines: str, tree: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        classes(tmp_path, lines, tree)
