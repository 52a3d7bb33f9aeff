from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.cli.main import main
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.statistics import graph_sizes
from crosscap.io.artifacts import write_json

GRAPH = SceneGraph("1", ("dog", "park"), ((0, "black"),), ((0, "in", 1),))


def test_the_sizes_of_a_corpus_stand_beside_those_of_the_paper(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    sizes = {"raw": graph_sizes([GRAPH]), "augmented": graph_sizes([])}
    write_json("reports/metrics/stages_graphs_zh.json", sizes)
    with pytest.raises(SystemExit) as end:
        main(["table", "--corpus"])
    assert end.value.code == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["objects,", "raw", "0.0", "0.0", "100.0", "0.0", "2.00"] in lines
    assert ["objects,", "augmented", "-", "-", "-", "-", "-"] in lines
    assert ["UNISON,", "other", "data", "12.3", "13.3", "15.1", "59.3"] in lines
    assert ["relations,", "raw", "0.0", "100.0", "0.0", "0.0", "1.00"] in lines


def test_no_counted_corpus_is_an_error_with_a_remedy(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["table", "--corpus"])
    assert end.value.code == 1
    assert "no stages_graphs_*.json" in capsys.readouterr().err
