"""What the browser of test images knows about them, out of a run's artifacts."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from crosscap.config.report import ReportSettings
from crosscap.errors import InputError
from crosscap.evaluation.content import CONTENT, TREES
from crosscap.io.artifacts import write_json, write_text
from crosscap.io.tables import write_table
from crosscap.report.browser.data import browser_data, script_safe
from crosscap.report.browser.evaluated import read_images, read_systems, spread
from crosscap.report.browser.pictures import shown_pictures
from crosscap.report.browser.section import browser_section
from tests.report.browsed import HOSTILE

IDS = ["1", "2"]


def content_row(set: str, id: str, words: str, gloss: list[str], absent: list[str] | None) -> dict[str, object]:
    return {
        "set": set,
        "id": id,
        "caption": words,
        "words": words.split(),
        "gloss": gloss,
        "CHAIR objects": absent,
        "english": ["a", "dog"],
        "beta_G": 25.0,
    }


def test_images_and_systems_are_those_of_the_run(run_folder: Path) -> None:
    first, second = read_images(run_folder, "zh")
    assert (first.id, first.file.name, first.references) == ("1", "000001.jpg", ["参考 1"])
    assert first.graph.objects == ("man", "horse") and second.graph.objects == ()
    one, two = read_systems(run_folder, "zh", ["hgm"], IDS)
    assert [one.name, two.name] == ["with phase 2", "without phase 2"]
    assert one.captions == ["一个男人骑着马", "一只狗"] and dict(one.scores) == {"CIDEr": [100.0, 200.0]}
    assert one.glosses == [[], []] and one.absent == [None, None], "nothing is known"


def test_gold_graphs_are_a_system_and_images_without_caption_have_an_empty_one(run_folder: Path) -> None:
    write_json(run_folder / "data/captions/zh/hgm/gold_graphs.json", [{"image_id": 2, "caption": "一只 猫"}])
    gold = read_systems(run_folder, "zh", ["hgm"], IDS)[2]
    assert gold.name == "from gold graphs" and gold.captions == ["", "一只猫"] and gold.scores == {}
    assert read_systems(run_folder, "zh", ["hgm", "hgm"], IDS)[2].name == "hgm, from gold graphs"


def test_glosses_translations_and_absent_objects_come_from_the_content_scores(run_folder: Path) -> None:
    rows = [
        content_row("with_phase2", "1", "男人 骑着 马", ["man", "", "horse"], ["dog"]),
        content_row("with_phase2", "2", "一只 狗", ["dog"], None),
    ]
    write_table(run_folder / "data/scores/content_zh_hgm.parquet", rows, CONTENT)
    trees = [{"set": "with_phase2", "id": "2", "beta_C": 12.5}]
    write_table(run_folder / "data/scores/trees_zh_hgm.parquet", trees, TREES)
    one, two = read_systems(run_folder, "zh", ["hgm"], IDS)
    assert one.words == [["男人", "骑着", "马"], []] and one.glosses == [["man", "", "horse"], []], (
        "a gloss a word or none"
    )
    assert one.english == ["a dog", "a dog"] and one.absent == [["dog"], None]
    assert one.scores["β_G"] == [25.0, 25.0] and one.scores["β_C"] == [None, 12.5]
    assert one.scores["objects not there"] == [1, None] and set(two.scores) == {"CIDEr"}


def test_neighbours_that_share_a_gloss_are_one_word(run_folder: Path) -> None:
    """Such as the letters of a word, where captions are scored by letters."""
    rows = [content_row("with_phase2", "1", "白 色 的 狗 狗", ["white", "white", "", "dog", "dog"], None)]
    write_table(run_folder / "data/scores/content_zh_hgm.parquet", rows, CONTENT)
    one, _ = read_systems(run_folder, "zh", ["hgm"], IDS)
    assert one.words[0] == ["白色", "的", "狗", "狗"] and one.glosses[0] == ["white", "", "dog", "dog"]


def test_a_table_without_metrics_or_without_ids_is_taken_or_refused(run_folder: Path) -> None:
    path = run_folder / "data/scores/zh_hgm.parquet"
    write_table(path, [], pa.schema([("set", pa.string()), ("id", pa.string())]))
    settings = ReportSettings(examples=1, pictures=1, image_width=64, image_quality=80)
    assert browser_section(run_folder, "zh", ["hgm"], settings).count("<article") == 1
    write_table(path, [], pa.schema([("set", pa.string())]))
    with pytest.raises(InputError, match=r"zh_hgm\.parquet: found columns \['set'\]"):
        read_systems(run_folder, "zh", ["hgm"], IDS)
    write_text(path, "no Parquet")
    with pytest.raises(InputError, match="a Parquet table"):
        read_systems(run_folder, "zh", ["hgm"], IDS)


def test_few_pictures_are_inside_the_page_the_others_are_named(run_folder: Path) -> None:
    images = read_images(run_folder, "zh")
    inside, absent = shown_pictures(images, run_folder, {0, 1}, 64, 80)
    assert inside.inside and inside.source.startswith("/9j/") and absent.source == absent.problem == ""
    beside = shown_pictures(images, run_folder, (), 128, 80)[0]
    assert beside.source == "../data/raw/images/test/000001.jpg" and beside.placed is not None
    assert beside.placed.picture == (128, 128) and beside.placed.boxes[0] == (16, 16, 80, 120), "of 64 x 64"
    (run_folder / "data/raw/images/test/000001.jpg").write_bytes(b"<html>404</html>")
    for rows in ((), {0}):
        assert shown_pictures(images, run_folder, rows, 64, 80)[0].problem == "a web page or XML"


def test_the_data_hold_every_text_and_none_can_end_its_script(run_folder: Path) -> None:
    path = run_folder / "data/captions/zh/hgm/with_phase2.json"
    write_text(path, json.dumps([{"image_id": 1, "caption": HOSTILE}, {"image_id": 2, "caption": "half \ud83d"}]))
    images, systems = read_images(run_folder, "zh"), read_systems(run_folder, "zh", ["hgm"], IDS)
    text = script_safe(browser_data(images, systems, shown_pictures(images, run_folder, (), 64, 80)))
    assert not set(text) & set("<>&\u2028\u2029")
    data = json.loads(text)
    assert data["systems"][0]["captions"][0] == systems[0].captions[0] and data["ids"] == IDS
    objects, attributes, relations = data["graphs"][0]
    names = [data["names"][row] for row in (*objects, attributes[0][1], relations[0][1])]
    assert names == ["man", "horse", "white", "ride"] and attributes[0][0] == 1 and relations[0][::2] == [0, 1]
    settings = ReportSettings(examples=2, pictures=2, image_width=64, image_quality=80)
    assert "half?" in browser_section(run_folder, "zh", ["hgm"], settings), "half a character, which UTF-8 has not"


def test_examples_are_spread_from_the_best_to_the_worst() -> None:
    scores = [1.0, 5.0, None, 3.0, 4.0]
    assert spread(scores, 3) == [1, 3, 2]
    assert spread(scores, 9) == [1, 4, 3, 0, 2]
    assert spread(scores, 1) == [1] and spread(scores, 0) == [] and spread([], 3) == []
