"""What `dvc plots` draws: the table of scores, and the templates that it is drawn by."""

from __future__ import annotations

import csv
import json
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from dvc_render.vega import VegaRenderer

from crosscap.significance.score_rows import COLUMNS, score_rows
from tests.workflow.conftest import REPOSITORY

TEMPLATES = REPOSITORY / ".dvc/plots"


def test_the_rows_are_by_metric_and_only_of_scores_with_an_interval() -> None:
    runs: Any = {
        "hgm": {
            "with_phase2": SimpleNamespace(corpus={"BLEU-4": 33.31649, "CIDEr": 122.2}),
            "text": SimpleNamespace(corpus={"CIDEr": 437.5}),
        }
    }
    intervals = {"hgm": {"with_phase2": {"BLEU-4": [30.4, 36.3], "CIDEr": [109.3, 135.7]}}}
    rows = list(csv.reader(StringIO(score_rows(runs, intervals))))
    assert rows == [
        list(COLUMNS),
        ["hgm, with_phase2", "BLEU-4", "33.3165", "30.4", "36.3"],
        ["hgm, with_phase2", "CIDEr", "122.2", "109.3", "135.7"],
    ]
    intervals["hgm"]["text"] = {"CIDEr": [408.6, 467.1]}
    metrics = [row[1] for row in csv.reader(StringIO(score_rows(runs, intervals)))]
    assert metrics == ["metric", "BLEU-4", "CIDEr", "CIDEr"]


@pytest.mark.parametrize("name", sorted(path.stem for path in TEMPLATES.glob("*.json")))
def test_every_template_is_filled_for_two_commits(name: str) -> None:
    points = [
        {"system": "hgm", "metric": "CIDEr", "score": "1.5", "low": "1", "high": "2", "rev": rev} for rev in ("a", "b")
    ]
    properties = {"template": name, "template_dir": str(TEMPLATES), "x": "score", "y": "system", "title": "scores"}
    content = VegaRenderer(points, "scores", **properties).get_filled_template()
    assert "DVC_METRIC" not in json.dumps(content)
    assert {point["rev"] for point in content["data"]["values"]} == {"a", "b"}
    encoding = content["spec"]["encoding"] if "spec" in content else content["encoding"]
    assert encoding["color"]["field"] == "rev" and encoding["y"]["field"] == "system"
