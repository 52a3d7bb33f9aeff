"""The stage parse_sentences as it is run, on a real parser: scattered, changed, and at once."""

from __future__ import annotations

import logging
import re
import runpy
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from crosscap.incremental import results as incremental_results
from crosscap.io.tables import write_table
from crosscap.syntax import sentence_results
from crosscap.syntax.tree import Tree

ROOT = Path(__file__).parents[2]
PAIRS = pa.schema([("id", pa.string()), ("source_tokens", pa.list_(pa.string()))])
COPIES = pa.schema([("id", pa.string()), ("copy", pa.int32()), ("tokens", pa.list_(pa.string()))])
OUT = Path("data/parses/zh.conllu.gz")


@pytest.fixture
def sentences(
    tmp_path: Path, parser_folder: Path, treebank: list[Tree], monkeypatch: pytest.MonkeyPatch
) -> list[list[str]]:
    """400 sentences in a project with a trained parser; with one paraphrase each, they fill 11 shards and more."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sentence_results, "SHARD_SIZE", 32)
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(parser_folder, "models/dependency_parser")
    forms = [[word.form for word in tree.words] for tree in treebank]
    return [[*forms[number % len(forms)], f"x{number}"] for number in range(400)]


def parse(sentences: list[list[str]], *arguments: str) -> bytes:
    """What the stage writes for ``sentences``, each with one paraphrase: its words in capitals."""
    rows = [{"id": f"pair-{number}", "source_tokens": words} for number, words in enumerate(sentences)]
    write_table("data/filtered/zh.parquet", rows, PAIRS)
    loud = [[word.upper() for word in words] for words in sentences]
    copies = [{"id": f"pair-{number}", "copy": 1, "tokens": words} for number, words in enumerate(loud)]
    write_table("data/paraphrases/zh.parquet", copies, COPIES)
    OUT.unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["parse_sentences.py", "--target", "zh", "--processes", "1", *arguments])
        runpy.run_path(str(ROOT / "stages/parse_sentences.py"), run_name="stage")["main"]()
    return OUT.read_bytes() if OUT.exists() else b""


def counts(text: str) -> tuple[int, int, int]:
    """Shards, records computed and from the cache, as the last run logged them."""
    shards, computed, cached = re.findall(r"in (\d+) shards, (\d+) computed, (\d+) from the cache", text)[-1]
    return int(shards), int(computed), int(cached)


@pytest.mark.parametrize("tasks", [1, 3, 8])
def test_scattered_over_tasks_the_parses_are_the_same_bytes(
    sentences: list[list[str]], tasks: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    whole = parse(sentences)
    shards, computed, _ = counts(caplog.text)
    assert shards >= 11 and computed == 800
    shutil.rmtree("work/cache")
    for number in range(tasks):
        assert parse(sentences, "--map", f"{number}/{tasks}") == b"", "a task writes no output"
    assert parse(sentences) == whole
    assert counts(caplog.text) == (shards, 0, 800)


def test_changed_sentences_are_parsed_and_no_others(
    sentences: list[list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    parse(sentences)
    changed = [["a", "new", "horse"], *sentences[:200], ["two", "dogs"], *sentences[201:]]
    incremental = parse(changed)
    assert counts(caplog.text)[1:] == (4, 798), "two sentences and their paraphrases; all later ids have moved"
    shutil.rmtree("work/cache")
    assert parse(changed) == incremental


@pytest.mark.parametrize("arguments", [[], ["--map", "1/2"]])
def test_the_stage_and_its_tasks_use_the_cores_that_were_granted(
    sentences: list[list[str]], arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked(Exception):
        """Instead of workers: how many there would be."""

    def pool(processes: int, start: object) -> None:
        raise Asked(processes)

    monkeypatch.setattr(incremental_results, "Pool", pool)
    monkeypatch.setenv("CROSSCAP_CORES", "3")
    with pytest.raises(Asked, match="3"):
        parse(sentences, "--processes", "0", *arguments)
    assert not OUT.exists()
