"""The stage parse_constituency as it is run, on a real parser: scattered, changed, with sentences that fail."""

from __future__ import annotations

import gzip
import logging
import re
import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from crosscap.evaluation.content import CONTENT
from crosscap.io.artifacts import read_json
from crosscap.io.tables import read_table, write_table
from crosscap.syntax.constituency import tree_results
from crosscap.syntax.constituency.coincidence import tree_coincidence
from crosscap.syntax.constituency.model_folder import make_parser
from crosscap.syntax.constituency.parser import load_constituency_parser
from tests.syntax.constituency.test_parser import NOUNS, SETTINGS, treebank

ROOT = Path(__file__).parents[3]
TOKENS = pa.list_(pa.string())
PAIRS = pa.schema([("source_tokens", TOKENS), ("target_tokens", TOKENS)])
OUT = [Path(f"data/constituency/zh_{side}.txt.gz") for side in ("source", "target")]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("stage")
    treebank(base / "en_constituency_train.txt", seed=1)
    settings = SETTINGS.model_copy(update={"epochs": 3})
    make_parser(base, "en", None, settings, base / "model", base / "work")
    return base / "model"


@pytest.fixture
def pairs(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """120 sentences, which stand on both sides; two of them cannot be parsed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tree_results, "SHARD_SIZE", 16)
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for language in ("en", "zh"):
        shutil.copytree(model, tmp_path / "models/constituency_parser" / language)
    sentences = [["a", NOUNS[n % 6], "sees", "a", f"x{n}", "near", "a", "hat", "."][: 3 + n % 7] for n in range(120)]
    sentences[7], sentences[40] = [], ["a"] * 600
    return sentences


def parse(sentences: list[list[str]], *arguments: str) -> list[bytes]:
    rows = [{"source_tokens": words, "target_tokens": words[::-1]} for words in sentences]
    write_table("data/filtered/zh.parquet", rows, PAIRS)
    for path in OUT:
        path.unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["parse_constituency.py", "--target", "zh", "--processes", "1", *arguments])
        runpy.run_path(str(ROOT / "stages/parse_constituency.py"), run_name="stage")["main"]()
    return [path.read_bytes() for path in OUT if path.exists()]


def computed(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"(\d+) computed", text)[-2:]]


def test_scattered_the_trees_are_the_same_bytes_and_failures_stay_in_their_places(
    pairs: list[list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    whole = parse(pairs)
    lines = [gzip.decompress(content).decode().splitlines() for content in whole]
    for side in lines:
        assert [number for number, line in enumerate(side) if line == "(FAILED)"] == [7, 40]
    assert re.findall(r"[^() ]+(?=\))", lines[0][6]) == pairs[6]
    assert re.findall(r"[^() ]+(?=\))", lines[1][6]) == pairs[6][::-1]
    assert len(lines[0]) == 120 and "118 of 120 sentences parsed" in caplog.text
    shutil.rmtree("work/cache")
    for number in range(3):
        assert parse(pairs, "--map", f"{number}/3") == [], "a task writes no output"
    assert parse(pairs) == whole
    assert computed(caplog.text) == [0, 0]


def test_changed_sentences_are_parsed_and_no_others(pairs: list[list[str]], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    parse(pairs)
    changed = [["a", "new", "dog", "."], *pairs[:60], ["two", "hats"], *pairs[61:]]
    incremental = parse(changed)
    assert computed(caplog.text) == [2, 2]
    shutil.rmtree("work/cache")
    assert parse(changed) == incremental


def test_evaluate_trees_compares_captions_with_their_translation(pairs: list[list[str]]) -> None:
    """The same parser on both sides: of equal words the trees are equal, and what has none gives no value."""
    english = [pairs[2], ["a", "hat"], None, []]
    captions = [pairs[2], pairs[2], pairs[2], ["a"]]
    rows = [
        {"set": "with_phase2", "id": str(number), "caption": " ".join(words), "english": words_of_english}
        for number, (words, words_of_english) in enumerate(zip(captions, english, strict=True))
    ]
    table = Path("data/scores/content_zh_hgm.parquet")

    def evaluate(rows: list[dict[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        write_table(table, [dict.fromkeys(CONTENT.names) | row for row in rows], CONTENT)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["evaluate_trees.py", "--target", "zh", "--variant", "hgm"])
            runpy.run_path(str(ROOT / "stages/evaluate_trees.py"), run_name="stage")["main"]()
        return read_json("reports/metrics/trees_zh_hgm.json"), read_table("data/scores/trees_zh_hgm.parquet")

    metrics, values = evaluate(rows)
    assert [row["id"] for row in values] == ["0", "1", "3"]
    same, other, none = (row["beta_C"] for row in values)
    assert none is None and 0 <= other < same <= 100
    assert same == round(
        100
        * tree_coincidence(*[next(load_constituency_parser("models/constituency_parser/zh").parse([pairs[2]]))] * 2),
        4,
    )
    assert metrics["captions"]["with_phase2"]["beta_C"] == pytest.approx((same + other) / 2, abs=1e-4)
    assert metrics["captions"]["gold_graphs"]["beta_C"] is None
    assert metrics["missing"]["beta_C"] == "no caption of without_phase2, gold_graphs with a tree in both languages"
    assert metrics["counts"] == {"captions": 4, "without_tree": 1}

    metrics, values = evaluate([row | {"english": None} for row in rows])
    assert values == [] and "no translator" in metrics["missing"]["beta_C"]
