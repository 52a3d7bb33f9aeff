"""Unpaired captions of the user's, in every layout, and those that must not be among them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from tests.collection.test_user_files import collected


def corpus(folder: Path, text: str, **more: object) -> dict[str, object]:
    path = folder / "corpus.txt"
    path.write_text(text, encoding="utf-8")
    return {"zh": {"path": str(path), "licence": "mine", **more}}


def lines_of(raw: Path) -> list[str]:
    return (raw / "caption_corpus/zh.txt").read_text(encoding="utf-8").splitlines()


def test_one_caption_a_line_is_recognised_and_what_is_empty_is_set_aside(tmp_path: Path) -> None:
    raw = collected(tmp_path, caption_corpus=corpus(tmp_path, "一只 狗。\n\n两匹  马在跑。\n"))
    assert lines_of(raw) == ["一只 狗。", "两匹 马在跑。"]
    manifest = read_json(raw / "manifest.json")
    assert manifest["scenes"]["caption_corpus"] == []
    [entry] = [entry for entry in manifest["inputs"] if entry["use"] == "caption corpus zh"]
    assert (entry["format"], entry["read"], entry["kept"], entry["quarantined"]) == ("text", 3, 2, 1)
    assert manifest["files"]["caption_corpus/zh.txt"]["records"] == 2


def test_layouts_with_images_are_recognised_and_their_images_entered(tmp_path: Path) -> None:
    coco = {
        "images": [{"id": 5, "file_name": "5000_x.jpg"}, {"id": 6, "file_name": "6000_x.jpg"}],
        "annotations": [{"image_id": 5, "caption": "一只狗。"}, {"image_id": 6, "caption": "一匹马。"}],
    }
    for number, text in enumerate(
        (json.dumps(coco), "5000_x.jpg#zhc#0 一只狗。\n6000_x.jpg#zhc#0 一匹马。\n"),
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        raw = collected(folder, caption_corpus=corpus(folder, text))
        assert lines_of(raw) == ["一只狗。", "一匹马。"]
        assert read_json(raw / "manifest.json")["scenes"]["caption_corpus"] == ["5000", "6000"]


def test_captions_of_an_evaluated_image_are_refused(tmp_path: Path) -> None:
    text = "1000_x.jpg#zhc#0 一只狗。\n3000_x.jpg#zhc#5 一匹马。\n"
    with pytest.raises(InputError, match=r"1 images of test whose captions are in the caption corpus, first 3000"):
        collected(tmp_path, caption_corpus=corpus(tmp_path, text))
    folder = tmp_path / "selected"
    folder.mkdir()
    (folder / "mine.txt").write_text("1000_x\n")
    raw = collected(folder, caption_corpus=corpus(folder, text, images=f"{folder}/mine.txt"))
    assert lines_of(raw) == ["一只狗。"]


def test_a_list_of_images_does_not_go_with_captions_of_none(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("1000_x\n")
    given = corpus(tmp_path, "一只狗。\n", images=f"{tmp_path}/mine.txt")
    with pytest.raises(InputError, match=r"caption_corpus.*a list of images, expected no list"):
        collected(tmp_path, caption_corpus=given)


def test_another_encoding_is_named(tmp_path: Path) -> None:
    given = corpus(tmp_path, "")
    (tmp_path / "corpus.txt").write_bytes("一只狗在草地上跑。\n".encode("gb18030") * 50)
    with pytest.raises(InputError, match=r"corpus\.txt.*expected UTF-8 text"):
        collected(tmp_path, caption_corpus=given)
