"""The stages collect, filter_corpus and build_vocabulary as a user runs them, on good and on bad files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.io.artifacts import read_json
from crosscap.io.tables import read_table
from crosscap.text.vocabulary import read_vocabularies
from tests.workflow.conftest import REPOSITORY

NOUNS = {"dog": "狗", "cat": "猫", "man": "男人", "woman": "女人", "horse": "马", "bird": "鸟"}
PLACES = {"park": "公园", "street": "街道", "room": "房间", "beach": "海滩"}
COLORS = {"red": "红色", "black": "黑色", "white": "白色"}


def sentences() -> list[tuple[str, str]]:
    """72 sentences of eleven words with their translations."""
    return [
        (
            f"there is a {color} {noun} and a man in the {place} .",
            f"{place_zh}里有一个{color_zh}的{noun_zh}和一个男人。",
        )
        for noun, noun_zh in NOUNS.items()
        for place, place_zh in PLACES.items()
        for color, color_zh in COLORS.items()
    ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the project's parameters and the user's files: a corpus in two files and a dictionary."""
    return build(tmp_path)


@pytest.fixture(scope="module")
def collected_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = build(tmp_path_factory.mktemp("collected"))
    result = stage(folder, "collect")
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture
def collected(collected_once: Path, tmp_path: Path) -> Path:
    """The same after `collect`."""
    return Path(shutil.copytree(collected_once, tmp_path, dirs_exist_ok=True))


def build(tmp_path: Path) -> Path:
    shutil.copy(REPOSITORY / "dvc.yaml", tmp_path)
    params = yaml.safe_load((REPOSITORY / "params.yaml").read_text(encoding="utf-8"))
    params["languages"] = {"source": "en", "targets": ["zh"]}
    params["filter"]["coverage"]["sides"] = ["source"]
    params["collect"] = {"source": "files", "files": user_files()}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    english, chinese = zip(*sentences(), strict=True)
    (tmp_path / "corpus.en").write_text("\n".join(english) + "\n", encoding="utf-8")
    (tmp_path / "corpus.zh").write_text("\n".join(chinese) + "\n", encoding="utf-8")
    words = sorted({word for sentence in english for word in sentence.split()})
    (tmp_path / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    return tmp_path


def user_files() -> dict[str, Any]:
    corpus = {"target": "zh", "format": "moses", "paths": ["corpus.en", "corpus.zh"], "licence": "mine"}
    return {
        "parallel": [corpus],
        "dictionary": {"en": {"path": "words.txt", "format": "words", "licence": "mine"}},
    }


def stage(project: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "stages" / f"{name}.py"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def left_behind(project: Path) -> list[str]:
    """What lies under ``data``, temporary names included."""
    return sorted(path.relative_to(project).as_posix() for path in (project / "data").rglob("*") if path.is_file())


def test_the_users_files_become_filtered_pairs_and_vocabularies(project: Path) -> None:
    with open(project / "corpus.zh", "ab") as stream:
        stream.write(b"\xb9\xb7\n" + "太短。\n".encode())
    with open(project / "corpus.en", "ab") as stream:
        stream.write(b"there is a black dog and a cat in the park .\nToo short .\n")
    collected = stage(project, "collect")
    assert collected.returncode == 0, collected.stderr
    assert "quarantined corpus.zh, line 73: no UTF-8: byte 0xb9 at 0" in collected.stderr
    assert json.loads((project / "data/raw/quarantine/records.jsonl").read_text(encoding="utf-8")) == {
        "file": "corpus.zh", "line": 73, "reason": "no UTF-8: byte 0xb9 at 0", "text": "\ufffd\ufffd",
    }  # fmt: skip
    inputs = read_json(project / "data/raw/manifest.json")["inputs"]
    assert [(given["read"], given["kept"], given["quarantined"]) for given in inputs[:2]] == [(74, 73, 1)] * 2

    filtered = stage(project, "filter_corpus", "--target", "zh")
    assert filtered.returncode == 0, filtered.stderr
    funnel = read_json(project / "data/filtered/zh_funnel.json")
    assert (funnel["pairs"], funnel["kept"]) == (73, 72)
    assert {row["rule"]: row["dropped"] for row in funnel["rules"]}["words"] == 1
    rows = read_table(project / "data/filtered/zh.parquet")
    assert rows[0]["source_tokens"] == ["there", "is", "a", "red", "dog", "and", "a", "man", "in", "the", "park", "."]
    assert rows[0]["target_tokens"] == ["公园", "里", "有", "一个", "红色", "的", "狗", "和", "一个", "男人", "。"]
    assert sorted({row["split"] for row in rows}) == sorted(funnel["splits"])

    graphs = [SceneGraph(row["id"], ("person", "park bench"), (), ((0, "sit", 1),)) for row in rows]
    write_graphs(project / "data/sentence_graphs/zh.parquet", graphs)
    built = stage(project, "build_vocabulary", "--target", "zh")
    assert built.returncode == 0, built.stderr
    source, target = read_vocabularies(project / "data/vocabulary/zh.json")
    assert source.words[-3:] == ("bench", "person", "sit")
    assert source.words[:5] == ("<pad>", "<bos>", "<eos>", "<unk>", "a")
    assert "狗" in target


def test_the_same_corpus_gives_the_same_bytes_twice(collected: Path) -> None:
    results = []
    for _ in range(2):
        assert stage(collected, "filter_corpus", "--target", "zh").returncode == 0
        results.append([(collected / f"data/filtered/zh{end}").read_bytes() for end in (".parquet", "_funnel.json")])
    assert results[0] == results[1]


def test_sides_of_different_length_stop_collect_and_leave_nothing(project: Path) -> None:
    with open(project / "corpus.en", "a", encoding="utf-8") as stream:
        stream.write("one more line .\n")
    result = stage(project, "collect")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "error: corpus.zh, line 73: found the end of the file after 72 lines, expected a translation of line 73 of "
        "corpus.en. Both sides must have the same number of lines."
    )
    assert left_behind(project) == []


def test_a_dictionary_in_the_wrong_encoding_stops_collect_and_leaves_nothing(project: Path) -> None:
    (project / "words.txt").write_bytes("dog\nhüte 5\n".encode("latin-1"))
    result = stage(project, "collect")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "error: words.txt, line 2: found byte 0xfc at 1, expected UTF-8 text. "
        "Convert it, it is probably ISO-8859-1: `iconv -f ISO-8859-1 -t UTF-8 words.txt > NEW`."
    )
    assert left_behind(project) == []


def test_a_failed_collect_keeps_the_folder_of_the_last_good_one(collected: Path) -> None:
    before = left_behind(collected)
    assert "data/raw/manifest.json" in before
    (collected / "corpus.en").unlink()
    result = stage(collected, "collect")
    assert result.returncode == 1
    assert "error: corpus.en: found no such file, expected a text file." in result.stderr
    assert left_behind(collected) == before


def test_coverage_without_a_dictionary_says_what_to_do(project: Path) -> None:
    params = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))
    del params["collect"]["files"]["dictionary"]
    (project / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    assert stage(project, "collect").returncode == 0
    result = stage(project, "filter_corpus", "--target", "zh")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "error: data/raw/dictionary/en.txt: found no words, expected the caption dictionary that coverage of the "
        "source needs. Give collect.files.dictionary.en, or take 'source' out of filter.coverage.sides."
    )
    assert not (project / "data/filtered").exists() or left_behind(project)[0].startswith("data/raw")


def test_a_corpus_of_which_nothing_is_left_names_the_hardest_rule(collected: Path) -> None:
    params = yaml.safe_load((collected / "params.yaml").read_text(encoding="utf-8"))
    params["filter"]["words"]["min"] = params["filter"]["words"]["max"] = 99
    (collected / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    result = stage(collected, "filter_corpus", "--target", "zh")
    assert result.returncode == 1
    assert "Rule 'words' dropped most of the 72 pairs" in result.stderr
    assert [name for name in left_behind(collected) if "filtered" in name] == []


def test_a_missing_files_block_is_named(project: Path) -> None:
    params = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))
    params["collect"]["files"] = None
    (project / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    result = stage(project, "collect")
    assert (result.returncode, result.stderr.splitlines()[-1]) == (
        1,
        "error: params.yaml, key collect.files: found null, expected the user's files.",
    )


def test_graphs_of_other_pairs_stop_the_vocabulary(collected: Path) -> None:
    assert stage(collected, "filter_corpus", "--target", "zh").returncode == 0
    rows = read_table(collected / "data/filtered/zh.parquet")
    graphs = [SceneGraph(row["id"], ("dog",), (), ()) for row in rows]
    write_graphs(collected / "data/sentence_graphs/zh.parquet", graphs[:-1])
    result = stage(collected, "build_vocabulary", "--target", "zh")
    assert result.returncode == 1
    assert "expected a graph for each pair of data/filtered/zh.parquet, in its order" in result.stderr
    assert not (collected / "data/vocabulary/zh.json").exists()
