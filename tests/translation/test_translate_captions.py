"""The stage translate_captions with a model of random weights: scattered, gathered, and its bad inputs."""

from __future__ import annotations

import logging
import re
import runpy
import shutil
import sys
from pathlib import Path

import pytest
import torch
import yaml

from crosscap.config.translator import TranslatorTraining
from crosscap.errors import InputError
from crosscap.io.tables import read_table
from crosscap.text.tokenizers import tokenizer
from crosscap.translation.pieces import train_tokenizer
from crosscap.translation.training import new_model
from crosscap.translation.translator import Translator
from tests.translation.conftest import CHINESE, ENGLISH

ROOT = Path(__file__).parents[2]
OUT = Path("data/caption_corpus/zh.parquet")
MODEL = Path("models/translator/zh/backward")


@pytest.fixture
def project(tmp_path: Path, settings: TranslatorTraining, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Captions, one of them twice and one that is a paragraph, and a translator from Chinese."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    params["caption_corpus"]["val"] = 0.2
    params["caption_corpus"]["translation"] = {"beams": 2, "batch_pieces": 64}
    Path("params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    torch.manual_seed(1)
    pieces = train_tokenizer(
        tmp_path / "pieces", CHINESE, ENGLISH, ("zh", "en"), settings.pieces, settings.longest_piece
    )
    Translator(new_model(pieces, settings), pieces).save(MODEL)
    Path("data/raw/segmentation").mkdir(parents=True)
    Path("data/raw/segmentation/zh.txt").write_text("")
    Path("data/raw/caption_corpus").mkdir()
    lines = [*CHINESE[:30], f" {CHINESE[0]}", "房子里有狗。" * 400]
    Path("data/raw/caption_corpus/zh.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return tmp_path


def translate(*words: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["translate_captions.py", "--target", "zh", "--processes", "1", *words])
        runpy.run_path(str(ROOT / "stages/translate_captions.py"), run_name="stage")["main"]()


def test_each_caption_has_the_translation_that_it_has_alone(project: Path) -> None:
    translate()
    rows = read_table(OUT)
    model, english, chinese = Translator.load(MODEL), tokenizer("en"), tokenizer("zh")
    assert [row["id"] for row in rows[:2]] == ["caption-0000001", "caption-0000002"]
    assert [row["target"] for row in rows[:30]] == CHINESE[:30]
    for row in rows[:6]:
        [alone] = model.translate([row["target"]], beams=2)
        assert row["source"] == alone
        assert row["source_tokens"] == english.tokenize(alone)
        assert row["target_tokens"] == chinese.tokenize(row["target"])
    assert {row["split"] for row in rows} == {"train", "val"}
    assert 2 <= sum(row["split"] == "val" for row in rows) <= 12


def test_tasks_fill_the_cache_and_the_gathering_computes_nothing(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for task in ("1/2", "0/2"):
        translate("--map", task)
        assert not OUT.exists()
    translate()
    assert re.findall(r"(\d+) computed, (\d+) from the cache", caplog.text)[-1] == ("0", "32")
    scattered = OUT.read_bytes()
    shutil.rmtree("work/cache")
    translate()
    assert OUT.read_bytes() == scattered


def test_repeated_captions_count_once_and_a_cut_one_is_told(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    translate()
    assert len(read_table(OUT)) == 31
    assert "31 of 32 captions kept; 1 repeat another" in caplog.text
    assert "1 captions are longer than the translator reads" in caplog.text


def test_no_captions_are_an_error_that_says_what_to_do(project: Path) -> None:
    Path("data/raw/caption_corpus/zh.txt").write_text("")
    with pytest.raises(InputError, match=r"zh\.txt: found no caption.*collect\.files\.caption_corpus\.zh"):
        translate()
    assert not OUT.exists()


def test_a_translator_of_the_other_direction_is_refused(project: Path) -> None:
    path = MODEL / "tokenizer_config.json"
    path.write_text(path.read_text().replace('"zh"', '"xx"').replace('"en"', '"zh"').replace('"xx"', '"en"'))
    with pytest.raises(InputError, match="found a translator from 'en', expected one from 'zh'"):
        translate()
