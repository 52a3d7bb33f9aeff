"""The stage build_caption_graphs on a real parser."""

from __future__ import annotations

import logging
import re
import runpy
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.tables import read_graphs
from crosscap.io.tables import write_table
from crosscap.syntax.conllu import read_conllu
from crosscap.syntax.tree import Tree

ROOT = Path(__file__).parents[2]
SCHEMA = pa.schema([("id", pa.string()), ("source_tokens", pa.list_(pa.string()))])


@pytest.fixture
def project(tmp_path: Path, parser_folder: Path, treebank: list[Tree], monkeypatch: pytest.MonkeyPatch) -> Path:
    """30 translated captions and a trained parser."""
    monkeypatch.chdir(tmp_path)
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(parser_folder, "models/dependency_parser")
    rows = [
        {"id": f"caption-{number:07d}", "source_tokens": [word.form for word in tree.words]}
        for number, tree in enumerate(treebank[:30], 1)
    ]
    write_table("data/caption_corpus/zh.parquet", rows, SCHEMA)
    return tmp_path


def build(*words: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["build_caption_graphs.py", "--target", "zh", "--processes", "1", *words])
        runpy.run_path(str(ROOT / "stages/build_caption_graphs.py"), run_name="stage")["main"]()


def test_each_caption_has_the_graph_of_its_translations_tree(project: Path, treebank: list[Tree]) -> None:
    build()
    trees = list(read_conllu("data/caption_graphs/zh.conllu.gz"))
    graphs = read_graphs("data/caption_graphs/zh.parquet")
    assert [graph.id for graph in graphs] == [f"caption-{number:07d}" for number in range(1, 31)]
    assert [tree.id for tree in trees] == [f"{graph.id}/0" for graph in graphs]
    assert [[word.form for word in tree.words] for tree in trees] == [[w.form for w in t.words] for t in treebank[:30]]
    assert graphs == [sentence_graph(tree, tree.id.removesuffix("/0")) for tree in trees]
    assert any("man" in graph.objects and graph.relations for graph in graphs)


def test_a_task_fills_the_cache_alone(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    build("--map", "0/1")
    assert not Path("data/caption_graphs").exists()
    build()
    assert re.findall(r"(\d+) computed, (\d+) from the cache", caplog.text)[-1] == ("0", "30")
