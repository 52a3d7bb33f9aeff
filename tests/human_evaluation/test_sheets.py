from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from PIL import Image

from crosscap.human_evaluation.captions import presented
from crosscap.io.artifacts import write_json
from tests.human_evaluation.conftest import HUMAN, IMAGES

# With a sign that no base64 has, so that they are found in a page by no chance.
SYSTEMS = ("run_a=hgm", "run_b=hgm/without_phase2", "people_c=references")
SMALL = ("--output", "out", "--raters", 2, "--group", 3)


def table(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_sheets_are_blind_and_the_key_says_whose_captions_are_whose(project, judge) -> None:
    code, out, _ = judge("sheets", *SYSTEMS, *SMALL)
    assert code == 0 and "5 of 5" in out and "out/key.json" in out
    key = json.loads(Path("out/key.json").read_text())
    assert [name for name, _ in key["systems"]] == ["run_a", "run_b", "people_c"]
    sheets = sorted(path for path in Path("out/sheets").rglob("*") if path.is_file())
    assert [str(path.relative_to("out/sheets")) for path in sheets] == [
        *(f"pictures/000{n}.jpg" for n in range(1, 6)),
        *(f"rater-{n}.{form}" for n in (1, 2) for form in ("csv", "html")),
    ]
    for path in sheets:
        content = path.read_bytes()
        assert not [
            word for word in (b"run_a", b"run_b", b"people_c", b"_phase2", b"secret", b"name_1") if word in content
        ], path
    # What both runs say alike for images 11 and 13 is one item, the stop at the end being no difference.
    both = [item["captions"][0] for item in key["items"].values() if item["systems"] == ["run_a", "run_b"]]
    assert sorted(both) == ["一只狗在公园里", "两只猫"]
    assert {item["captions"][0] for item in key["items"].values() if item["systems"] == ["people_c"]} >= {
        text.removesuffix("。") for text in HUMAN
    }


def test_the_table_of_a_rater_has_a_row_an_item_and_no_formula(project, judge) -> None:
    judge("sheets", *SYSTEMS, *SMALL)
    key = json.loads(Path("out/key.json").read_text())
    rows = table(Path("out/sheets/rater-1.csv"))
    assert [row["item"] for row in rows] == key["raters"]["rater-1"]
    assert {row["study"] for row in rows} == {key["study"]} and {row["rater"] for row in rows} == {"rater-1"}
    for row in rows:
        single = len(key["items"][row["item"]]["images"]) == 1
        assert (row["relevancy"], row["diversification"]) == (("", "n/a") if single else ("n/a", ""))
        assert all(Path("out/sheets/pictures", name).is_file() for name in row["pictures"].split())
    assert not [row for row in rows if row["captions"][0] in "=+-@"]
    assert any(row["captions"].startswith("'=sum") for row in rows)


def test_the_same_command_writes_the_same_bytes(project, judge) -> None:
    for folder in ("one", "two"):
        judge("sheets", *SYSTEMS, "--output", folder, "--raters", 2)
    for path in Path("one").rglob("*.*"):
        assert path.read_bytes() == (Path("two") / path.relative_to("one")).read_bytes(), path


def test_pictures_are_reduced(project, judge) -> None:
    judge("sheets", "hgm", *SMALL, "--width", 30)
    with Image.open("out/sheets/pictures/0001.jpg") as picture:
        assert picture.size == (30, 20) and not picture.getexif()


def test_results_files_of_others_are_judged_with_their_own_pictures(tmp_path: Path, monkeypatch, judge) -> None:
    monkeypatch.chdir(tmp_path)
    Path("val").mkdir()
    for id in ("a", "b"):
        Image.new("RGB", (40, 40)).save(f"val/{id}.png")
        write_json("mine.json", [{"image_id": id, "caption": f"A dog in {id} ."} for id in ("a", "b", "c")])
    images = [{"id": id, "file_name": f"val/{id}.png"} for id in ("a", "b")]
    write_json("refs.json", {"images": images, "annotations": []})
    words = ("--target", "en", "--references", "refs.json", "--pictures", ".", "--scale", "unison", "--raters", 2)
    code, out, err = judge("sheets", "mine.json", *words, "--output", "out")
    assert code == 0, err
    assert "2 of 2" in out
    assert sorted(row["captions"] for row in table(Path("out/sheets/rater-2.csv"))) == ["a dog in a", "a dog in b"]
    judge("sheets", "mine.json", *words, "--output", "verbatim", "--verbatim")
    assert table(Path("verbatim/sheets/rater-1.csv"))[0]["captions"] in ("A dog in a .", "A dog in b .")


def test_half_a_character_in_a_reference_is_replaced(project, judge) -> None:
    path = Path("data/raw/captions/captions_test_zh.json")
    path.write_text(path.read_text().replace("一张图", "一张\\ud83d图"))
    assert judge("sheets", "references", *SMALL)[0] == 0
    assert any("?" in row["captions"] for row in table(Path("out/sheets/rater-1.csv")))


def test_habits_that_tell_systems_apart_are_not_shown() -> None:
    assert presented("一 只 狗 。", "zh") == presented("一只狗", "zh") == "一只狗"
    assert presented("A dog , running .", "en") == presented("a dog, running", "en") == "a dog, running"
    assert presented(" 。", "zh") == ""


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("gone",), "found the system 'gone', expected a results file, RUN or RUN/SET (runs: hgm)"),
        (("hgm/gone",), "the system 'hgm/gone'"),
        (("../zh/hgm",), "the system '../zh/hgm'"),
        (("hgm", "hgm=hgm/without_phase2"), "two systems named 'hgm'"),
        (("twice.json",), "entry 1: found image_id 11 twice"),
        (("broken.json",), "expected {image_id, caption}"),
        (("empty.json",), "found no image that all have captions of (images: 5; captions: empty 0)"),
        (("other.json",), "found no image that all have captions of (images: 5; captions: other 1)"),
        (("hgm", "--raters", "3", "--raters-per-image", "4"), "something to rate for each"),
        (("hgm", "--target", "xx"), "language 'xx'"),
        (("hgm", "--pictures", "nowhere"), "nowhere/name_1"),
        (("hgm", "--references", "outside.json"), "found the file name '../secret.jpg'"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(project, judge, words, complaint: str) -> None:
    write_json("twice.json", [{"image_id": 11, "caption": "a"}] * 2)
    write_json("broken.json", [{"image_id": 11}])
    write_json("empty.json", [])
    write_json("other.json", [{"image_id": 99, "caption": "a"}])
    images = [{"id": int(id), "file_name": "../secret.jpg"} for id in IMAGES]
    write_json("outside.json", {"images": images, "annotations": []})
    before = sorted(Path().rglob("*"))
    code, out, err = judge("sheets", *words, "--output", "out")
    assert code == 1 and complaint in err and out == ""
    assert sorted(Path().rglob("*")) == before


def test_a_study_is_never_overwritten(project, judge) -> None:
    judge("sheets", "hgm", *SMALL)
    key = Path("out/key.json").read_bytes()
    code, _, err = judge("sheets", "hgm", *SMALL, "--seed", 2)
    assert code == 1 and "Name another --output" in err and Path("out/key.json").read_bytes() == key
