from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from crosscap.cli.main import main
from crosscap.evaluation.scene_graph_tasks import SETTINGS, SYSTEMS, TASKS, empty_scores
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


def test_relations_found_stand_beside_those_that_frequencies_find(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    scores = empty_scores()
    for number, (task, system, setting) in enumerate(product(TASKS, SYSTEMS, SETTINGS)):
        recalls = scores[task][system][setting]
        recalls.update({name: 10.0 * number + place for place, name in enumerate(recalls)})
    write_json("reports/metrics/stages_relations.json", {**scores, "missing": {}})
    with pytest.raises(SystemExit) as end:
        main(["table", "--relations"])
    assert end.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["R@20", "R@50", "R@100", "mR@20", "mR@50", "mR@100"]
    title = "PredCls, one predicate a pair, frequencies alone"
    assert lines[2].startswith(title)
    assert lines[2].removeprefix(title).split() == ["20.0", "21.0", "22.0", "23.0", "24.0", "25.0"]
    assert len(lines) == 13
    write_json("reports/metrics/stages_relations.json", {**empty_scores(), "missing": {"relations": "no detector"}})
    with pytest.raises(SystemExit):
        main(["table", "--relations"])
    assert capsys.readouterr().out == "No relations: no detector\n"


def test_scores_are_those_of_the_models_that_the_parameters_name(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    scores = {"BLEU-1": 61.25, "CIDEr": 142.0}
    content = {"captions": {"with_phase2": scores, "without_phase2": scores}}
    for name in ("zh_hgm", "zh_gm_word-no_kl-seed2", "de_hgm", "stages_zh"):
        write_json(f"reports/metrics/{name}.json", content)
    Path("params.yaml").write_text("languages: {targets: [zh]}\nphase2: {variants: [gm_word-no_kl-seed2]}\n")
    with pytest.raises(SystemExit) as end:
        main(["table"])
    assert end.value.code == 0
    titles = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Captions in")]
    assert titles == ["Captions in zh, UNISON GM+WORD, no_kl, seed2"]
    Path("params.yaml").unlink()
    with pytest.raises(SystemExit):
        main(["table"])
    assert capsys.readouterr().out.count("Captions in") == 3
    Path("params.yaml").write_text("languages: {targets: [zh]}\n")
    with pytest.raises(SystemExit) as end:
        main(["table"])
    assert end.value.code == 1 and "crosscap check" in capsys.readouterr().err


def test_intervals_and_what_phase_2_changes_stand_below_the_scores(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    scores = {"BLEU-4": 33.31, "METEOR": None, "CIDEr": 122.2}
    before = {"BLEU-4": 21.16, "METEOR": None, "CIDEr": 110.05}
    content = {"captions": {"with_phase2": scores, "without_phase2": before}, "missing": {"METEOR": "no Java"}}
    write_json("reports/metrics/zh_hgm.json", content)
    write_json("reports/metrics/zh_gen.json", content)
    write_json("reports/metrics/content_zh_hgm.json", {"with_phase2": {}})
    write_json("reports/metrics/trees_zh_hgm.json", {"with_phase2": {}})
    pair = {"first": "hgm/with_phase2", "second": "hgm/without_phase2", "metric": "CIDEr"}
    gain = {"difference": 12.15, "low": 4.72, "high": 19.78, "p_randomisation": 0.0021, "p_holm": 0.0042}
    spread = {"mean": 121.04, "standard_deviation": 1.26}
    significance = {
        "settings": {"samples": 10000, "confidence": 0.95, "seed": 1},
        "intervals": {"hgm": {"with_phase2": {"BLEU-4": [30.4, 36.2], "CIDEr": [109.3, 135.7]}}},
        "differences": [pair | gain, pair | gain | {"metric": "BLEU-4"}],
        "systems": {"hgm": {"seeds": [1, 2], "sets": {"with_phase2": {"CIDEr": spread}}}},
    }
    write_json("reports/significance/zh.json", significance)
    with pytest.raises(SystemExit) as end:
        main(["table"])
    assert end.value.code == 0
    gen, hgm = capsys.readouterr().out.split("UNISON HGM")
    assert "±" not in gen
    lines = hgm.splitlines()
    assert lines[2:6] == [
        "                  BLEU-4    CIDEr",
        "without phase 2     21.2    110.0",
        "with phase 2        33.3    122.2",
        "                    ±2.9    ±13.2",
    ]
    assert lines[7] == "±: half of the 95 % interval over the test images (10,000 bootstrap samples)"
    change = "CIDEr +12.2, 95 % interval +4.7 … +19.8, p = 0.002 by approximate randomisation"
    assert lines[8] == f"What phase 2 changes: {change}, 0.004 as one of 2 metrics (Holm)"
    assert "METEOR: no Java" in lines
    assert lines[-1] == "hgm with phase 2, mean ± standard deviation over seeds 1, 2: CIDEr 121.0 ± 1.3"
    scores["CIDEr"] = 134.3  # evaluated again, and not compared again
    write_json("reports/metrics/zh_hgm.json", content)
    with pytest.raises(SystemExit):
        main(["table"])
    told = capsys.readouterr().out
    assert "±13.2" not in told and "What phase 2 changes" not in told
    assert "The intervals are of other scores than these: `dvc repro compare_runs` computes them anew" in told
