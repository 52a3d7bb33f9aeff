"""What `compare_runs` says of made-up runs, and the stage itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml

from crosscap.evaluation.score_table import write_score_table
from crosscap.io.artifacts import read_json
from crosscap.significance.resampling import Resampling
from crosscap.significance.run_comparison import by_system, compare_runs
from crosscap.significance.scored_set import ScoredSet, scored_set
from tests.significance.made_up import rows

REPOSITORY = Path(__file__).parents[2]
PLAN = Resampling(400, 0.95, 1)
NAMES = ("hgm", "hgm-seed2", "hgm-seed3", "gm_word", "gm_word-seed2")


def runs(names: tuple[str, ...], images: int = 30) -> dict[str, dict[str, ScoredSet]]:
    """Each run is 2 worse than the one before, with and without phase 2 differ by 5, text is of other ids."""
    base = np.random.default_rng(3).normal(60, 10, images)
    made = {}
    for place, name in enumerate(names):
        scores = {"with_phase2": base - 2 * place, "without_phase2": base - 2 * place - 5, "text": base[:20] - place}
        made[name] = {kind: scored_set(f"{name}/{kind}", rows(s, kind=kind), "x") for kind, s in scores.items()}
    return made


def test_every_score_has_its_interval_and_seeds_are_one_system() -> None:
    made = runs(NAMES)
    found = compare_runs(made, 1, PLAN)
    assert set(found["intervals"]) == set(NAMES)
    for name, sets in made.items():
        for kind, scored in sets.items():
            low, high = found["intervals"][name][kind]["CIDEr"]
            assert low < scored.corpus["CIDEr"] < high
    hgm = found["systems"]["hgm"]
    assert hgm["seeds"] == [1, 2, 3]
    spread = hgm["sets"]["with_phase2"]["CIDEr"]
    assert spread["mean"] == pytest.approx(made["hgm-seed2"]["with_phase2"].corpus["CIDEr"], abs=1e-4)
    assert spread["standard_deviation"] == 2
    # The seeds differ by the same in all images, so their mean hangs on the images as each of them does.
    expected = found["intervals"]["hgm-seed2"]["with_phase2"]["CIDEr"]
    assert [spread["low"], spread["high"]] == pytest.approx(expected, abs=2e-4)
    assert set(found["systems"]) == {"hgm", "gm_word"}
    assert found["missing"] == {}


def test_systems_are_compared_in_one_seed_and_each_pair_once() -> None:
    found = compare_runs(runs(NAMES), 1, PLAN)["differences"]
    asked = [(each["first"], each["second"]) for each in found if each["metric"] == "CIDEr"]
    assert len(set(map(frozenset, asked))) == len(asked)
    assert ("hgm/with_phase2", "hgm/without_phase2") in asked
    between = {pair for pair in asked if pair[0].split("/")[0] != pair[1].split("/")[0]}
    assert between == {(f"hgm/{kind}", f"gm_word/{kind}") for kind in ("text", "with_phase2", "without_phase2")}
    other_seed = compare_runs(runs(("hgm-seed3", "gm_word", "gm_word-seed3")), 1, PLAN)["differences"]
    assert ("hgm-seed3/text", "gm_word-seed3/text") in {(each["first"], each["second"]) for each in other_seed}
    apart = compare_runs(runs(("hgm", "gen-seed2")), 1, PLAN)["differences"]
    assert ("hgm/text", "gen-seed2/text") in {(each["first"], each["second"]) for each in apart}
    gain = next(each for each in found if each["second"] == "hgm/without_phase2" and each["metric"] == "CIDEr")
    assert gain["difference"] == gain["low"] == gain["high"] == 5 and gain["images"] == 30
    assert gain["p_randomisation"] == pytest.approx(1 / 401, abs=1e-6)
    assert gain["p_holm"] >= gain["p_randomisation"]


def test_a_model_without_kl_is_compared_with_the_one_it_is_without() -> None:
    found = compare_runs(runs(("gm_word", "hgm-no_kl", "hgm")), 1, PLAN)["differences"]
    assert ("hgm/text", "hgm-no_kl/text") in {(each["first"], each["second"]) for each in found}


def test_runs_of_other_images_are_left_out_with_the_reason() -> None:
    made = runs(("hgm", "gen")) | {"gm_word": runs(("gm_word",), images=25)["gm_word"]}
    found = compare_runs(made, 1, PLAN)
    reason = found["missing"]["hgm/with_phase2 − gm_word/with_phase2"]
    assert reason.startswith("hgm/with_phase2 is of 30 images, gm_word/with_phase2 of 25; 5 only of the first: 0025")
    compared = {(each["first"], each["second"]) for each in found["differences"]}
    assert ("hgm/text", "gm_word/text") in compared  # the same pairs
    assert ("hgm/with_phase2", "gen/with_phase2") in compared
    assert found["intervals"]["gm_word"]["with_phase2"]["CIDEr"]


def test_one_image_has_no_interval() -> None:
    found = compare_runs(runs(("hgm",), images=1), 1, PLAN)
    assert found["intervals"] == {} and found["differences"] == []


def test_a_name_that_says_the_own_seed_is_the_same_model_again() -> None:
    assert by_system(["hgm-seed1", "hgm-seed2", "hgm"], 1) == {"hgm": {1: "hgm", 2: "hgm-seed2"}}


def test_the_stage_writes_the_same_bytes_twice_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    written = []
    for order in (1, -1):
        folder = tmp_path / str(order)
        folder.mkdir()
        shutil.copy(REPOSITORY / "dvc.yaml", folder)
        values = yaml.safe_load((REPOSITORY / "params.yaml").read_text())
        values["phase2"]["variants"] = ["hgm", "hgm-seed2"]
        values["evaluation"]["bootstrap_samples"] = 200
        (folder / "params.yaml").write_text(yaml.safe_dump(values))
        scores = np.random.default_rng(2).normal(50, 10, 20)
        for name, change in (("hgm", 0), ("hgm-seed2", 1)):
            table = [row for kind in ("with_phase2", "text") for row in rows(scores + change, kind=kind)]
            write_score_table(folder / f"data/scores/zh_{name}.parquet", table[::order])
        command = [sys.executable, str(REPOSITORY / "stages/compare_runs.py"), "--target", "zh"]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
        answer = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stderr
        written.append((folder / "reports/significance/zh.json").read_bytes())
    assert all(one == other for one, other in pairwise(written))
    content = read_json(folder / "reports/significance/zh.json")
    assert content["settings"] == {"samples": 200, "confidence": 0.95, "seed": values["evaluation"]["bootstrap_seed"]}
    assert content["systems"]["hgm"]["sets"]["text"]["CIDEr"]["standard_deviation"] == pytest.approx(0.7071)
    (folder / "data/scores/zh_hgm.parquet").unlink()
    (folder / "reports/significance/zh.json").unlink()
    answer = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 1 and "data/scores/zh_hgm.parquet: found no such file" in answer.stderr
    assert not (folder / "reports/significance/zh.json").exists()
