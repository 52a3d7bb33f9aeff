"""Tables filled with fabricated metrics whose every number is known beforehand."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crosscap.ablation.intervals import read_intervals
from crosscap.ablation.layout import gain_lines, markdown, score_lines, summary_notes
from crosscap.ablation.published import TABLES
from crosscap.ablation.results import filled
from crosscap.ablation.runs import needed_runs, seeds_of
from crosscap.ablation.scores import Summary, read_runs
from crosscap.errors import InputError
from crosscap.evaluation.score_table import write_score_table
from crosscap.significance.resampling import Resampling
from crosscap.significance.scored_set import scored_set
from crosscap.systems.unison.run_name import VARIANTS
from tests.significance.made_up import bleu_statistics, captions, rows

from .conftest import WriteMetrics

PLAN = Resampling(200, 0.9, 5)


def fill(folder: Path, names: list[str], own_seed: int = 1) -> dict[str, Any]:
    intervals = read_intervals(folder / "data/scores", "zh", names, own_seed, PLAN)
    return filled(read_runs(folder / "reports/metrics", "zh", names, own_seed), intervals)


def shown(tables: dict[str, Any]) -> list[list[str]]:
    return [texts(line) for line in score_lines(tables["T3"])]


def texts(line: list[Any]) -> list[str]:
    return [cell.text for cell in line]


def row(tables: dict[str, Any], key: str, name: str) -> dict[str, Any]:
    return next(row for row in tables[key]["rows"] if row["name"] == name)


def gains(tables: dict[str, Any], key: str, metric: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(o["better"], o["worse"]): o for o in tables[key]["orderings"] if o["metric"] == metric}


def test_the_whole_ablation_fills_every_row_of_a_model_in_every_table(tmp_path: Path, metrics: WriteMetrics) -> None:
    names = needed_runs(TABLES, VARIANTS, seeds_of(3, 1))
    metrics(names)
    tables = fill(tmp_path, names)
    for table in tables.values():
        for entry in table["rows"]:
            assert (entry["ours"] is None) == (entry["run"] is None), entry["name"]
    assert row(tables, "T3", "HGM")["ours"]["BLEU-4"] == {
        "mean": 60.0, "spread": 0.5, "interval": None, "seeds": [1, 2, 3]
    }  # fmt: skip
    assert row(tables, "T3", "HGM")["paper"]["BLEU-4"] == 11.1
    assert row(tables, "T5", "HGM+CMM")["ours"]["CIDEr"]["mean"] == 63.0
    assert row(tables, "T5", "HGM")["ours"]["CIDEr"]["mean"] == 60.0
    assert row(tables, "T2", "UNISON, unpaired corpus")["ours"]["CIDEr"]["mean"] == 83.0
    assert row(tables, "T7", "GMBASE, raw")["ours"]["METEOR"]["mean"] == 18.0


def test_a_row_of_changes_is_taken_seed_by_seed(tmp_path: Path, metrics: WriteMetrics) -> None:
    names = ["hgm", "hgm-seed2", "hgm-seed3", "hgm-no_kl", "hgm-no_kl-seed2"]
    metrics(names)
    tables = fill(tmp_path, names)
    # The seeds' parts cancel: each model has its own beside it.
    assert row(tables, "T4", "HGM w/o joint")["ours"]["METEOR"] == {
        "mean": -1.0, "spread": 0.0, "interval": None, "seeds": [1, 2]
    }  # fmt: skip


def test_orderings_say_by_how_many_standard_deviations_they_hold(tmp_path: Path, metrics: WriteMetrics) -> None:
    names = ["gm_word", "gm_word-seed2", "gm_word-seed3", "hgm", "hgm-seed2", "hgm-seed3"]
    metrics(names)
    scores = {"hgm": 31.0, "hgm-seed2": 33.5, "hgm-seed3": 35.5}  # gains of 1, 3 and 6
    for name, score in scores.items():
        path = tmp_path / f"reports/metrics/zh_{name}.json"
        content = json.loads(path.read_text())
        content["text"]["BLEU-1"] = score
        path.write_text(json.dumps(content))
    ordering = gains(fill(tmp_path, names), "T3", "BLEU-1")["HGM", "GMWORD"]
    assert ordering["paper"] == 2.3
    assert ordering["verdict"] == "holds"
    assert ordering["ours"] == {
        "mean": 3.3333, "spread": 2.5166, "interval": None, "seeds": [1, 2, 3],
        "standard_error": 1.453, "standard_deviations": 1.3245, "seeds_that_agree": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        ([30.5], "holds within the spread"),
        ([29.5], "fails within the spread"),
        ([30.0], "fails within the spread"),
        ([33.0, 32.5], "holds"),
        ([36.0, 28.5], "holds within the spread"),
        ([31.0, 25.0], "fails within the spread"),
        ([27.0, 26.5], "fails"),
    ],
)
def test_verdicts(tmp_path: Path, metrics: WriteMetrics, scores: list[float], verdict: str) -> None:
    hgm = ["hgm", "hgm-seed2"][: len(scores)]
    names = ["gm_word", "gm_word-seed2", *hgm]
    metrics(names)
    for name, score in zip(hgm, scores, strict=True):
        path = tmp_path / f"reports/metrics/zh_{name}.json"
        path.write_text(json.dumps({"text": {"ROUGE-L": score}, "captions": {}}))
    ordering = gains(fill(tmp_path, names), "T3", "ROUGE-L")["HGM", "GMWORD"]
    assert ordering["verdict"] == verdict
    assert ordering["ours"]["seeds"] == [1, 2][: len(scores)]


def test_a_tie_in_the_paper_claims_nothing(tmp_path: Path, metrics: WriteMetrics) -> None:
    metrics(["gm_word_sub", "hgm_base"])
    tables = fill(tmp_path, ["gm_word_sub", "hgm_base"])
    pair = ("HGMBASE", "GMWORD+SUB")
    assert pair in gains(tables, "T3", "BLEU-3") and pair not in gains(tables, "T3", "BLEU-4")  # 9.9 and 9.9


def test_pairs_of_rows_are_counted_in_the_papers_order(tmp_path: Path, metrics: WriteMetrics) -> None:
    metrics(VARIANTS)
    tables = fill(tmp_path, list(VARIANTS))
    assert tables["T3"]["pairs_in_order"]["BLEU-1"] == [15, 15]
    assert tables["T3"]["pairs_in_order"]["BLEU-4"] == [14, 14]  # one tie in the paper
    # Ours rise with every variant. In the paper's BLEU-1 HGM+CMM > GMWORD+CMM > HGM > GMWORD+SUB+CMM > GMWORD >
    # HGMBASE+CMM > HGMBASE > GMWORD+SUB.
    paper = ["HGM+CMM", "GMWORD+CMM", "HGM", "GMWORD+SUB+CMM", "GMWORD", "HGMBASE+CMM", "HGMBASE", "GMWORD+SUB"]
    means = [row(tables, "T5", name)["ours"]["BLEU-1"]["mean"] for name in paper]
    same = sum(first > later for place, first in enumerate(means) for later in means[place + 1 :])
    assert tables["T5"]["pairs_in_order"]["BLEU-1"] == [same, 28]
    # Six orderings in six metrics, but for the tie; all hold in the one seed that there is.
    assert summary_notes(tables["T3"]) == [
        "35 gains: 0 ✓, 35 (✓), 0 (✗), 0 ✗.",
        "Pairs of rows that our means put in the paper's order: "
        "B1 15 of 15, B2 15 of 15, B3 15 of 15, B4 14 of 14, M 15 of 15, R 15 of 15.",
    ]


def test_a_metric_that_could_not_be_computed_is_a_dash(tmp_path: Path, metrics: WriteMetrics) -> None:
    metrics(["hgm", "gm_word"])
    path = tmp_path / "reports/metrics/zh_hgm.json"
    content = json.loads(path.read_text())
    content["text"]["METEOR"] = None
    path.write_text(json.dumps(content))
    tables = fill(tmp_path, ["hgm", "gm_word"])
    assert ["HGM", "ours, 1 seed", "60.0", "60.0", "60.0", "60.0", "—", "60.0"] in [
        *map(texts, score_lines(tables["T3"]))
    ]
    cells = dict(zip(*map(texts, gain_lines(tables["T3"])[:2]), strict=True))
    assert cells["M"] == "—" and cells["R"] == "+30.0 (✓)"


def test_rows_that_were_not_run_are_dashes_and_further_rows_are_left_out(tmp_path: Path, metrics: WriteMetrics) -> None:
    metrics(["hgm", "hgm-pooled"])
    without, pooled = fill(tmp_path, ["hgm"]), fill(tmp_path, ["hgm", "hgm-pooled"])
    assert ["GEN", "ours", *"——————"] in shown(without)
    assert ["", "paper", "25.0", "13.8", "8.2", "5.2", "14.4", "27.3"] in shown(without)
    assert [row["name"] for row in pooled["T3"]["rows"] if row not in without["T3"]["rows"]] == [
        "HGM, one gate a graph"
    ]
    assert gain_lines(without["T3"])[1:] == [] and summary_notes(without["T3"]) == []


def test_markdown_tables_are_aligned_and_changes_have_signs(tmp_path: Path, metrics: WriteMetrics) -> None:
    names = ["hgm", "hgm-no_kl"]
    metrics(names)
    text = markdown("Tables", fill(tmp_path, names))
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if lines[0].startswith("|"):
            assert len({len(line) for line in lines}) == 1, block
    change = next(line for line in text.splitlines() if line.startswith("| HGM w/o joint"))
    assert change.split("|")[3].strip() == "-1.0"


def test_a_name_that_says_the_parameters_seed_is_the_same_model_again(tmp_path: Path, metrics: WriteMetrics) -> None:
    metrics(["hgm", "hgm-seed2", "hgm-seed3"])
    tables = fill(tmp_path, ["hgm-seed2", "hgm", "hgm-seed3"], own_seed=2)
    assert row(tables, "T3", "HGM")["ours"]["BLEU-1"] == {
        "mean": 59.75, "spread": 0.3536, "interval": None, "seeds": [2, 3]
    }  # fmt: skip


def test_a_model_without_metrics_is_an_error_that_names_the_file(tmp_path: Path, metrics: WriteMetrics) -> None:
    metrics(["hgm"])
    with pytest.raises(InputError, match=r"zh_gm_word\.json"):
        fill(tmp_path, ["hgm", "gm_word"])
    (tmp_path / "reports/metrics/zh_gm_word.json").write_text('{"captions": []}')
    with pytest.raises(InputError, match="no scores"):
        fill(tmp_path, ["hgm", "gm_word"])


def test_a_summary_of_nothing_and_of_equal_scores() -> None:
    nothing, equal = Summary.of({}), Summary.of({1: 2.0, 2: 2.0})
    assert (nothing.mean, nothing.spread, nothing.error, nothing.deviations) == (None, None, None, None)
    assert (equal.mean, equal.spread, equal.error, equal.deviations) == (2.0, 0.0, 0.0, None)


SCORED = ("gm_word", "gm_word-seed2", "hgm", "hgm-seed2", "hgm-no_kl", "hgm-no_kl-seed2")


def write_scores(folder: Path, names: tuple[str, ...] = SCORED, images: int = 12) -> dict[str, dict[str, list[Any]]]:
    """Score tables of made-up captions; name → set → rows."""
    made: dict[str, dict[str, list[Any]]] = {}
    _, references = captions(images, 1)
    for number, name in enumerate(names):
        statistics = bleu_statistics(captions(images, number + 2)[0], references)
        cider = np.random.default_rng(number).normal(50 + number, 20, images)
        made[name] = {kind: rows(cider, statistics, kind) for kind in ("text", "with_phase2", "without_phase2")}
        write_score_table(folder / f"data/scores/zh_{name}.parquet", [*chain(*made[name].values())])
    return made


def plain_interval(parts: list[tuple[int, list[Any]]], metric: str, seeds: int) -> list[float]:
    """Each draw's captions scored as a set of their own, one after another."""
    size = len(parts[0][1])
    draw, found = np.random.default_rng(PLAN.seed), []
    for picked in draw.integers(size, size=(PLAN.samples, size)):
        total = 0.0
        for sign, table in parts:
            again = [{**table[row], "id": f"{place}"} for place, row in enumerate(picked)]
            total += sign * scored_set("again", again, "x").corpus[metric]
        found.append(total / seeds)
    return [round(float(np.percentile(found, share)), 4) for share in (5, 95)]


@pytest.mark.parametrize("metric", ["BLEU-2", "CIDEr"])
def test_intervals_are_those_of_means_over_seeds_on_resampled_images(
    tmp_path: Path, metrics: WriteMetrics, metric: str
) -> None:
    metrics(SCORED)
    made = write_scores(tmp_path)
    tables = fill(tmp_path, list(SCORED))
    mapped = {name: sets["with_phase2"] for name, sets in made.items()}
    both = [(1, mapped["hgm"]), (1, mapped["hgm-seed2"])]
    found = row(tables, "T5", "HGM+CMM")["ours"][metric]["interval"]
    assert found == pytest.approx(plain_interval(both, metric, 2), abs=1e-3)
    others = [(-1, mapped["gm_word"]), (-1, mapped["gm_word-seed2"])]
    gain = gains(tables, "T5", metric)["HGM+CMM", "GMWORD+CMM"]["ours"]["interval"]
    assert gain == pytest.approx(plain_interval(both + others, metric, 2), abs=1e-3)
    # With and without phase 2 the captions are the same here: draw by draw they differ by nothing.
    assert gains(tables, "T5", metric)["HGM+CMM", "HGM"]["ours"]["interval"] == [0, 0]


def test_the_interval_of_a_row_of_changes_is_that_of_the_difference(tmp_path: Path, metrics: WriteMetrics) -> None:
    metrics(SCORED)
    made = {name: sets["text"] for name, sets in write_scores(tmp_path).items()}
    found = row(fill(tmp_path, list(SCORED)), "T4", "HGM w/o joint")["ours"]["BLEU-1"]["interval"]
    parts = [(1, "hgm-no_kl"), (1, "hgm-no_kl-seed2"), (-1, "hgm"), (-1, "hgm-seed2")]
    assert found == pytest.approx(plain_interval([(sign, made[name]) for sign, name in parts], "BLEU-1", 2), abs=1e-3)


def test_without_a_score_table_its_metric_or_the_same_images_there_is_no_interval(
    tmp_path: Path, metrics: WriteMetrics
) -> None:
    metrics(SCORED)
    write_scores(tmp_path)
    write_scores(tmp_path, ("gm_word-seed2",), images=11)
    (tmp_path / "data/scores/zh_hgm-seed2.parquet").unlink()
    tables = fill(tmp_path, list(SCORED))
    assert row(tables, "T3", "GMWORD")["ours"]["BLEU-1"]["interval"] is None  # its seeds saw other images
    assert row(tables, "T3", "HGM")["ours"]["BLEU-1"]["interval"] is None  # a seed has no score table
    assert row(tables, "T4", "HGM w/o joint")["ours"]["BLEU-1"]["interval"] is None
    tables = fill(tmp_path, ["hgm"])
    assert row(tables, "T3", "HGM")["ours"]["BLEU-1"]["interval"] is not None
    assert row(tables, "T3", "HGM")["ours"]["METEOR"]["interval"] is None  # scored without Java


def test_intervals_stand_below_their_scores(tmp_path: Path, metrics: WriteMetrics) -> None:
    metrics(SCORED)
    write_scores(tmp_path)
    tables = fill(tmp_path, list(SCORED))
    lines = markdown("Tables", tables).split("## Table 5")[1].splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("| HGM+CMM  "))
    name, whose, *cells = (text.strip() for text in lines[place + 1].split("|")[1:-1])
    low, high = row(tables, "T5", "HGM+CMM")["ours"]["BLEU-1"]["interval"]
    assert (name, whose, cells[0], cells[4]) == ("", "90 %", f"{low:.1f}–{high:.1f}", "")
    place = next(number for number, line in enumerate(lines) if line.startswith("| HGM+CMM > GMWORD+CMM"))
    low, high = gains(tables, "T5", "CIDEr")["HGM+CMM", "GMWORD+CMM"]["ours"]["interval"]
    assert lines[place + 1].split("|")[1].strip() == "90 %"
    assert lines[place + 1].split("|")[-2].strip() == f"{low:+.1f}…{high:+.1f}"
