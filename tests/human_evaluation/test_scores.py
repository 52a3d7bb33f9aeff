"""From sheets to tables, as a user goes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

SHEETS = ("sheets", "hgm", "plain=hgm/without_phase2", "--output", "out", "--raters", 2, "--group", 3)


def fill(folder: Path) -> None:
    """Rate by what the key says: ``hgm`` 8, ``plain`` 4, what both say 6; the second rater gives one less."""
    key = json.loads(Path("out/key.json").read_text())
    folder.mkdir()
    for place, rater in enumerate(key["raters"]):
        with open(f"out/sheets/{rater}.csv", encoding="utf-8-sig", newline="") as stream:
            head, *rows = csv.reader(stream)
        for row in rows:
            value = {"hgm": 8, "plain": 4}.get("+".join(key["items"][row[2]]["systems"]), 6) - place
            row[5:] = [cell or str(value) for cell in row[5:]]
        with open(folder / f"{rater}.csv", "w", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])


def test_filled_tables_become_scores_of_systems(project, judge) -> None:
    judge(*SHEETS)
    fill(Path("back"))
    code, out, err = judge("scores", "out/key.json", "back", "--json")
    assert code == 0, err
    results = json.loads(out)
    # Three of five captions are hgm's own, two are both systems'; half a point goes with the second rater.
    assert results["means"]["hgm"]["fluency"]["mean"] == (3 * 8 + 2 * 6) / 5 - 0.5
    assert results["means"]["plain"]["relevancy"]["mean"] == (3 * 4 + 2 * 6) / 5 - 0.5
    assert results["missing"] == {} and results["settings"] == {"samples": 10_000, "confidence": 0.95, "seed": 1}
    code, out, _ = judge("scores", "out/key.json", "back/rater-1.csv", "back/rater-2.csv")
    assert code == 0 and "| hgm " in out and "CROSS2STRA †" in out and "5 images, 2 raters" in out
    assert judge("scores", "out/key.json", "back")[1] == out


def test_unfinished_tables_need_permission(project, judge) -> None:
    judge(*SHEETS)
    fill(Path("back"))
    Path("back/rater-2.csv").unlink()
    code, out, err = judge("scores", "out/key.json", "back")
    assert code == 1 and out == "" and "no table of rater-2" in err
    code, out, _ = judge("scores", "out/key.json", "back", "--allow-missing")
    assert code == 0 and "Missing ratings, left out of everything above: rater-2" in out
    code, _, err = judge("scores", "out/key.json", "out/sheets")
    assert code == 1 and "ratings missing" in err and "Ask the rater" in err


def test_what_is_no_key_or_no_folder_of_tables_is_refused(project, judge) -> None:
    judge(*SHEETS)
    assert "found no .csv in this folder" in judge("scores", "out/key.json", "data")[2]
    code, _, err = judge("scores", "data/captions/zh/hgm/with_phase2.json", "out/sheets")
    assert code == 1 and "the key of a study" in err
    assert judge("scores", "gone.json", "out/sheets")[0] == 1
    assert judge("scores", "out/key.json", "out/sheets", "--confidence", "95")[0] == 2
