from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crosscap.human_evaluation.ratings import Rating, Returned
from crosscap.human_evaluation.results import judged
from crosscap.human_evaluation.study import Plan, Study, design
from crosscap.human_evaluation.tables import result_tables
from crosscap.significance.resampling import Resampling

IDS = [f"{n:02}" for n in range(30)]
CAPTIONS = {
    "weak": {id: f"caption {id}" for id in IDS},
    "strong": {id: f"caption {id}" if id < "10" else f"better {id}" for id in IDS},
}
RESAMPLING = Resampling(2000, 0.95, 1)


def study(scale: str = "cross2stra", qualities=("relevancy", "diversification", "fluency")) -> Study:
    plan = Plan(30, 3, 3, 5, 1)
    return design(CAPTIONS, dict.fromkeys(CAPTIONS, ""), IDS, scale, qualities, "en", plan)


def answers(made: Study, value) -> Returned:
    """``value(rater number, item, quality)`` for all that is asked."""
    ratings = [
        Rating(rater, name, quality, value(number, made.items[name], quality))
        for number, (rater, order) in enumerate(made.raters.items())
        for name in order
        for quality in made.items[name].qualities
    ]
    return Returned(ratings, {})


def by_image(number: int, item, quality: str) -> int:
    """Worse captions from 2 to 4, better ones 3 more; raters agree but for the second, who gives one less."""
    base = 2 + int(item.images[0]) % 3 + (3 if "weak" not in item.systems else 0)
    return base - (number == 1) if quality == "relevancy" else base


def test_means_are_those_of_all_ratings_with_equal_captions_counted_for_both() -> None:
    results = judged(study(), answers(study(), by_image), RESAMPLING)
    weak = np.mean([2 + n % 3 for n in range(30)])
    strong = np.mean([2 + n % 3 + (3 if n >= 10 else 0) for n in range(30)])
    assert results["means"]["weak"]["fluency"]["mean"] == pytest.approx(weak, abs=1e-4)
    assert results["means"]["strong"]["fluency"]["mean"] == pytest.approx(strong, abs=1e-4)
    assert results["means"]["strong"]["relevancy"]["mean"] == pytest.approx(strong - 1 / 3, abs=1e-4)
    assert results["means"]["weak"]["fluency"]["ratings"] == results["means"]["strong"]["fluency"]["ratings"] == 90
    assert results["by_rater"]["rater-1"]["relevancy"] == pytest.approx(results["by_rater"]["rater-2"]["relevancy"] + 1)
    assert (results["images"], results["raters"]) == (30, 3)


def test_intervals_are_those_of_a_bootstrap_over_images() -> None:
    found = judged(study(), answers(study(), by_image), RESAMPLING)["means"]["weak"]["fluency"]
    images, draw = np.array([2.0 + n % 3 for n in range(30)]), np.random.default_rng(9)
    means = [draw.choice(images, 30).mean() for _ in range(4000)]
    low, high = np.quantile(means, [0.025, 0.975])
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=0.04), pytest.approx(high, abs=0.04))


def test_differences_say_whether_they_could_be_chance() -> None:
    results = judged(study(), answers(study(), by_image), RESAMPLING)
    rows = {row["quality"]: row for row in results["differences"]}
    assert set(rows) == {"relevancy", "diversification", "fluency"}
    fluency = rows["fluency"]
    assert (fluency["first"], fluency["second"], fluency["units"]) == ("weak", "strong", 30)
    assert fluency["difference"] == pytest.approx(-2.0) and fluency["low"] < -2 < fluency["high"] < -1
    assert fluency["p"] < 0.01 and fluency["p"] < fluency["p_holm"] <= 3 * fluency["p"] + 1e-6
    assert rows["diversification"]["units"] == 6 and results["units"]["diversification"] == "sets"
    coin = np.random.default_rng(3)
    alike = judged(study(), answers(study(), lambda *_: int(coin.integers(1, 11))), RESAMPLING)
    assert all(row["p_holm"] > 0.05 and row["low"] < 0 < row["high"] for row in alike["differences"])


def test_agreement_is_over_items_and_one_where_raters_agree() -> None:
    agreement = judged(study(), answers(study(), by_image), RESAMPLING)["agreement"]
    assert agreement["fluency"] == {"ordinal": 1.0, "interval": 1.0, "items": 50}
    assert 0.5 < agreement["relevancy"]["interval"] < 1 and 0.5 < agreement["relevancy"]["ordinal"] < 1
    same = judged(study(), answers(study(), lambda *_: 5), RESAMPLING)["agreement"]["fluency"]
    assert same == {"ordinal": None, "interval": None, "items": 50}


def test_images_that_a_system_has_no_rating_of_are_left_out_for_all() -> None:
    made = study(qualities=("fluency",))
    everything = answers(made, by_image)
    kept = [
        r
        for r in everything.ratings
        if not (made.items[r.item].images[0] == "20" and r.item[0] == "c" and made.items[r.item].systems == ("strong",))
    ]
    results = judged(made, Returned(kept, {"rater-1": 1}), RESAMPLING)
    assert len(kept) == len(everything.ratings) - 3
    assert {system: values["fluency"]["units"] for system, values in results["means"].items()} == {
        "weak": 29,
        "strong": 29,
    }
    assert results["missing"] == {"rater-1": 1} and "left out of everything above: rater-1 1" in result_tables(results)


def test_one_image_has_a_mean_but_no_interval() -> None:
    made = study(qualities=("fluency",))
    only = [r for r in answers(made, by_image).ratings if made.items[r.item].images[0] == "03"]
    results = judged(made, Returned(only, {}), RESAMPLING)
    assert results["means"]["weak"]["fluency"] == {"mean": 2.0, "low": None, "high": None, "ratings": 3, "units": 1}
    assert results["differences"] == [] and ["weak", "2.00"] in cells(result_tables(results))


def test_a_quality_that_nobody_rated_is_null() -> None:
    made = study()
    only = [rating for rating in answers(made, by_image).ratings if rating.quality == "relevancy"]
    results = judged(made, Returned(only, {}), RESAMPLING)
    assert results["means"]["weak"]["fluency"] == {"mean": None, "low": None, "high": None, "ratings": 0, "units": 0}
    assert results["agreement"]["fluency"] == {"ordinal": None, "interval": None, "items": 0}
    assert {row["quality"] for row in results["differences"]} == {"relevancy"}
    assert ["Fluency", "–", "–", "0"] in cells(result_tables(results))


def cells(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|:")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_cross2stras_table_has_a_row_a_system_and_the_papers_rows_below() -> None:
    table = cells(result_tables(judged(study(), answers(study(), by_image), RESAMPLING)))
    assert table[0] == ["", "Relevancy", "Diversification", "Fluency"]
    assert [row[0] for row in table[1:4]] == ["weak", "strong", "FG †"]
    assert table[1][3].startswith("3.00 ±") and table[2][3].startswith("5.00 ±")
    assert ["CROSS2STRA †", "9.70", "9.53", "9.22"] in table
    assert ["weak – strong", "Fluency"] in [row[:2] for row in table]


def test_unisons_table_has_a_column_a_system_and_the_papers_columns_beside() -> None:
    made = study("unison", ("relevancy", "diversification", "fluency"))
    capped = answers(made, lambda *words: min(5, by_image(*words)))
    table = cells(result_tables(judged(made, capped, replace(RESAMPLING, samples=200))))
    assert table[0] == ["", "weak", "strong", "GMWORD †", "GMWORD+SUB †", "HGM †", "HGM★ †", "GT †"]
    assert table[1][0] == "Relevancy" and table[1][3:] == ["2.78", "2.96", "3.22", "3.96", "4.86"]
    assert table[2][0] == "Diversification" and table[2][3:] == ["–"] * 5
    assert table[3][0] == "Fluency" and table[3][3:] == ["2.49", "2.76", "3.05", "4.06", "4.91"]
