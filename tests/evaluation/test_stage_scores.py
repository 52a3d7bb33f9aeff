from __future__ import annotations

import pytest

from crosscap.evaluation.relation_table import RECALLS, SETTINGS, SYSTEMS, TASKS, relation_table
from crosscap.evaluation.stage_scores import extraction_scores, filter_rows, filter_scores, tuple_rows
from crosscap.graph.scene_graph import SceneGraph


def test_filter_scores_count_only_pairs_whose_truth_is_known() -> None:
    gold = [
        {"id": "a", "keep": True},
        {"id": "b", "keep": True},
        {"id": "c", "keep": False},
        {"id": "d", "keep": False},
    ]
    scores = filter_scores(filter_rows(gold, {"a", "c", "unknown"}))
    assert scores == {"precision": 50.0, "recall": 50.0, "F1": 50.0, "noise_found": 50.0}


def test_without_gold_filter_scores_are_null() -> None:
    assert filter_scores(filter_rows([], {"a"})) == {"precision": None, "recall": None, "F1": None, "noise_found": None}


def test_tuples_are_counted_over_all_graphs_and_a_missing_graph_is_an_empty_one() -> None:
    gold = [
        SceneGraph("a", ("dog", "park"), ((0, "black"),), ((0, "in", 1),)),
        SceneGraph("b", ("cat",)),
        SceneGraph("dropped", ("cow",)),
    ]
    predicted = [SceneGraph("a", ("dog", "tree"), ((0, "black"),), ((0, "in", 1),)), SceneGraph("other", ("bus",))]
    # Of a's 4 gold tuples the dog and its colour are right, and 4 were predicted; b's one is not found.
    scores = extraction_scores(tuple_rows(gold, predicted, {"a", "b"}))
    assert scores == {"precision": 50.0, "recall": 40.0, "F1": pytest.approx(100 * 4 / 9, abs=1e-4)}


def test_half_of_an_interval_stands_below_its_recall() -> None:
    recalls = dict.fromkeys(RECALLS, 40.0)
    scores = {task: {system: dict.fromkeys(SETTINGS, recalls) for system in SYSTEMS} for task in TASKS}
    settings = {"samples": 500, "confidence": 0.9, "seed": 1}
    found = {"SGDet": {"model": {"graph_constraint": {"R@20": [36.0, 45.0], "mR@100": [30.0, 42.0]}}}}
    lines = relation_table({**scores, "missing": {}}, {"settings": settings, "intervals": found}).splitlines()
    place = next(
        row for row, line in enumerate(lines) if line.startswith("SGDet, one predicate a pair, relation model")
    )
    assert lines[place + 1].split() == ["±4.5", "±6.0"] and len(lines[place + 1]) == len(lines[place])
    assert lines[-1] == "±: half of the 90 % interval over the pictures (500 bootstrap samples)"
    assert "±" not in relation_table({**scores, "missing": {}})
