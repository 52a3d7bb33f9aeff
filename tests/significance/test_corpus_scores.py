"""Corpus scores out of a score table's statistics against METEOR's and pycocoevalcap's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from crosscap.errors import InputError
from crosscap.evaluation.meteor import Meteor
from crosscap.evaluation.score_table import write_score_table
from crosscap.io.tables import write_table
from crosscap.significance.corpus_scores import meteor, meteor_numbers
from crosscap.significance.scored_set import read_scored_sets, scored_set
from tests.significance.made_up import bleu_statistics, captions, rows

# Exact, stem and synonym matches, function words, several chunks, a perfect caption, none in common, an empty one.
FOUND = [
    "a man rides a horse",
    "a dog runs quickly to its house",
    "一个 女人 骑 马",
    "a cat",
    "c d",
    "",
    "a little kid playing in a park",
    "the horse the man rides",
]
REFERENCES = [
    ["a man rides"],
    ["the dog quickly ran home", "dogs running"],
    ["一个 男人 骑 马"],
    ["a cat"],
    ["a b"],
    ["x"],
    ["a small child plays in the park", "kids at play"],
    ["the man rides the horse"],
]


@pytest.fixture(scope="module")
def process() -> Iterator[Meteor]:
    with Meteor(paraphrases=False) as running:
        yield running


@pytest.mark.parametrize("chosen", [range(8), [0, 3], [3, 3, 1], [2, 7, 3], [4, 5], [1, 2, 6, 7]])
def test_meteor_of_summed_statistics_is_the_jars_own(process: Meteor, chosen: range | list[int]) -> None:
    asked = {str(place): number for place, number in enumerate(chosen)}
    scores = process.scores(
        {key: REFERENCES[number] for key, number in asked.items()},
        {key: FOUND[number] for key, number in asked.items()},
    )
    numbers = meteor_numbers(np.array([scores.statistics[key] for key in asked]))
    assert meteor(numbers) == pytest.approx([100 * scores.captions[key] for key in asked], abs=1e-9)
    assert meteor(numbers.sum(0, keepdims=True)) == pytest.approx([100 * scores.corpus], abs=1e-9)


def test_rows_in_any_order_are_the_same_set() -> None:
    found, references = captions(5, 1)
    table = rows([3, 1, 4, 1, 5], bleu_statistics(found, references))
    one, other = (scored_set("x", some, "made up") for some in (table, table[::-1]))
    assert one.ids == other.ids == ("0000", "0001", "0002", "0003", "0004")
    assert (one.numbers == other.numbers).all()
    assert one.corpus == other.corpus
    assert one.captions[4] == "caption 4"


def test_a_metric_that_a_caption_lacks_is_missing_and_the_others_stand() -> None:
    table = rows([3, 1, 4])
    table[1]["ROUGE-L"] = 5.0
    scored = scored_set("x", table, "made up")
    assert scored.corpus["CIDEr"] == pytest.approx(8 / 3)
    assert {"METEOR", "ROUGE-L", "SPICE"} == set(scored.missing)
    assert scored.missing["ROUGE-L"] == "captions have no ROUGE-L"
    assert set(scored.only(["CIDEr", "SPICE"]).corpus) == {"CIDEr"}


def test_a_table_from_before_the_statistics_is_read_without_the_metrics_that_need_them(tmp_path: Path) -> None:
    names = ("BLEU-4", "METEOR", "CIDEr")
    schema = pa.schema([*((n, pa.string()) for n in ("set", "id", "caption")), *((n, pa.float64()) for n in names)])
    old = [{"set": "text", "id": str(n), "caption": "狗", "BLEU-4": 1.0, "METEOR": 2.0, "CIDEr": n} for n in (1, 2)]
    write_table(tmp_path / "old.parquet", old, schema)
    scored = read_scored_sets(tmp_path / "old.parquet", "hgm")["text"]
    assert scored.name == "hgm/text"
    assert scored.corpus == {"CIDEr": 1.5}
    assert scored.missing["METEOR"] == "scored before its statistics were kept: evaluate again"
    assert scored.missing["SPICE"] == "captions have no SPICE"


def test_damaged_tables_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "scores.parquet"
    with pytest.raises(InputError, match="no such file"):
        read_scored_sets(path, "hgm")
    path.write_text("no parquet")
    with pytest.raises(InputError, match=r"scores\.parquet"):
        read_scored_sets(path, "hgm")
    write_table(path, [{"set": "text"}], pa.schema([("set", pa.string())]))
    with pytest.raises(InputError, match="columns"):
        read_scored_sets(path, "hgm")
    short = [row | {"METEOR_statistics": [1.0, 2.0]} for row in rows([1, 2])]
    write_score_table(path, short)
    with pytest.raises(InputError, match="2 in METEOR_statistics, expected 23 numbers"):
        read_scored_sets(path, "hgm")
