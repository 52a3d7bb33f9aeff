from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crosscap.errors import InputError
from crosscap.evaluation import sets
from crosscap.evaluation.captions import read_references, read_results, read_text_references
from crosscap.evaluation.corpus import evaluate_sets
from crosscap.evaluation.java import JavaMissing
from crosscap.evaluation.meteor import MeteorScores
from crosscap.evaluation.score_table import METRICS, read_score_table, write_score_table
from crosscap.evaluation.sets import CaptionSet, Scorers
from crosscap.evaluation.table import metric_table
from crosscap.io.artifacts import write_json
from crosscap.io.tables import write_table

REFERENCES = {"1": ["一只狗在公园里跑。", "狗在跑"], "2": ["一个女人骑马"], "3": ["海滩上的红色雨伞"]}


class FakeMeteor:
    """Stands in for the Java process, which has tests of its own."""

    started = 0
    paraphrases: object = True

    def __init__(self, timeout: float, paraphrases: object) -> None:
        FakeMeteor.started += 1
        FakeMeteor.paraphrases = paraphrases

    def __enter__(self) -> FakeMeteor:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def scores(self, references: Any, hypotheses: Any) -> MeteorScores:
        return MeteorScores(0.25, dict.fromkeys(hypotheses, 0.25), {key: [1.0, 2.0] for key in hypotheses})


class FakeTable:
    """Stands in for the process that cuts METEOR's table."""

    texts: frozenset[str] | set[str] = frozenset()

    def cut(self, texts: set[str]) -> None:
        FakeTable.texts = texts

    def __enter__(self) -> FakeTable:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    monkeypatch.setattr(sets, "Meteor", FakeMeteor)
    return _evaluate()


@pytest.fixture(autouse=True)
def no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "cut_table", FakeTable)


def _evaluate(last: str = "红色 雨伞") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    captions = {
        "with_phase2": CaptionSet({"1": "一只 狗 在 跑", "2": "女人 骑 马", "3": last}, REFERENCES, "r.json"),
        "without_phase2": CaptionSet({"1": "女人 骑 马", "2": "女人 骑 马"}, REFERENCES, "r.json"),
    }
    text = CaptionSet({"p2": "狗 在 跑", "p1": "女人 骑 马"}, {"p1": ["女人 骑 马"], "p2": ["狗"], "p3": ["猫"]}, "t")
    return evaluate_sets(captions, text, Scorers("jieba", "zh"), seed=7)


def test_every_set_is_scored_with_every_metric_by_one_meteor(evaluated: tuple[dict[str, Any], list[Any]]) -> None:
    metrics, _ = evaluated
    FakeMeteor.started = 0
    _evaluate()
    assert FakeMeteor.started == 1
    assert set(metrics["captions"]) == {"with_phase2", "without_phase2", "shuffled"}
    for scores in (metrics["captions"]["with_phase2"], metrics["captions"]["without_phase2"], metrics["text"]):
        assert set(scores) == set(METRICS)
    assert metrics["captions"]["with_phase2"]["METEOR"] == 25.0
    assert metrics["captions"]["shuffled"]["CIDEr"] == 0.0 < metrics["captions"]["with_phase2"]["CIDEr"]
    assert metrics["missing"] == {"SPICE": "SPICE reads English alone"}
    assert metrics["captions"]["with_phase2"]["SPICE"] is None
    assert metrics["how"]["bleu_signature"].startswith("nrefs:var|case:mixed|eff:no|tok:none|smooth:none|version:")


def test_an_image_without_a_caption_is_an_empty_caption_and_is_counted(evaluated: tuple[dict[str, Any], Any]) -> None:
    metrics, rows = evaluated
    assert metrics["counts"] == {"images": 3, "images_without_caption": 0, "text_pairs": 2}
    (row,) = (row for row in rows if row["set"] == "without_phase2" and row["id"] == "3")
    assert (row["caption"], row["CIDEr"], row["ROUGE-L"]) == ("", 0.0, 0.0)


def test_rows_fit_the_schema_of_the_score_table(evaluated: tuple[Any, list[dict[str, Any]]], tmp_path: Path) -> None:
    write_score_table(tmp_path / "scores.parquet", evaluated[1])
    rows = read_score_table(tmp_path / "scores.parquet")
    assert [(row["set"], row["id"]) for row in rows][:3] == [("with_phase2", key) for key in "123"]
    assert len(rows) == 8
    # 一只 狗 在 跑 against 一只 狗 在 公园 里 跑 and 狗 在 跑: 4 words, the nearest reference has 3.
    assert rows[0]["BLEU_statistics"] == [4, 3, 4, 3, 2, 0, 4, 3, 2, 1]
    assert rows[0]["METEOR_statistics"] == [1, 2]


def test_the_paraphrase_table_is_cut_to_all_sets_where_a_word_could_be_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "Meteor", FakeMeteor)
    _evaluate()  # its full stop is no word
    assert not FakeMeteor.paraphrases
    _evaluate("红色 umbrella")
    assert isinstance(FakeMeteor.paraphrases, FakeTable)
    # Captions, the empty one too, and references of both sets of images and of the text, as they are scored.
    texts = {"一只 狗 在 跑", "女人 骑马", "红色 umbrella", "", "一只 狗 在 公园 里 跑", "狗 在 跑", "一个 女人 骑马"}
    assert FakeTable.texts == texts | {"海滩 上 的 红色 雨伞", "狗"}


def test_a_missing_java_leaves_a_reason_and_the_other_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_java(timeout: float, paraphrases: bool) -> None:
        raise JavaMissing("no Java: mend it by pip")

    monkeypatch.setattr(sets, "Meteor", no_java)
    metrics, rows = _evaluate()
    assert metrics["missing"]["METEOR"] == "no Java: mend it by pip"
    assert metrics["captions"]["with_phase2"]["METEOR"] is None
    assert metrics["captions"]["with_phase2"]["CIDEr"] > 0
    assert rows[0]["METEOR"] is None and rows[0]["METEOR_statistics"] is None


def test_a_reference_without_a_word_names_file_and_image() -> None:
    captions = {"with_phase2": CaptionSet({}, {"7": ["。"]}, "r.json")}
    with pytest.raises(InputError, match=r"r\.json, id 7: found .*。.*expected a reference with a word"):
        evaluate_sets(captions, CaptionSet({}, {}, "t"), Scorers("given", "zh"), seed=7)


def test_the_table_has_a_row_without_and_a_row_with_phase_2(evaluated: tuple[dict[str, Any], Any]) -> None:
    metrics, _ = evaluated
    metrics["captions"]["without_phase2"]["METEOR"] = None
    lines = metric_table({**metrics, "image_graphs": "predicted"}).splitlines()
    assert lines[0].split() == [metric for metric in METRICS if metric != "SPICE"]  # which no row has
    assert lines[1].startswith("without phase 2") and lines[1].split()[7] == "-"
    assert lines[2].startswith("with phase 2") and lines[2].split()[7] == "25.0"
    assert "Image graphs: predicted" in lines


def test_captions_from_gold_graphs_have_a_row_that_says_so_where_there_are_any(
    evaluated: tuple[dict[str, Any], Any],
) -> None:
    metrics, _ = evaluated
    assert "gold" not in metric_table(metrics)
    metrics["captions"]["gold_graphs"] = dict.fromkeys(METRICS)
    assert "gold" not in metric_table(metrics)
    metrics["captions"]["gold_graphs"]["CIDEr"] = 150.04
    lines = metric_table(metrics).splitlines()
    assert lines[3].split() == ["gold", "graphs", "*", *["-"] * 6, "150.0"]
    assert lines[5].startswith("* ") and lines[5].endswith("no system's result")


def test_references_and_results_are_read_by_image(tmp_path: Path) -> None:
    write_json(
        tmp_path / "captions.json",
        {"images": [{"id": 7}], "annotations": [{"id": 1, "image_id": 7, "caption": "狗"}]},
    )
    write_json(tmp_path / "results.json", [{"image_id": 7, "caption": "狗", "score": -1.0}])
    references = read_references(tmp_path / "captions.json")
    assert references == {"7": ["狗"]}
    assert read_results(tmp_path / "results.json", references) == {"7": "狗"}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([{"image_id": 7, "caption": "a"}] * 2, "image_id 7 twice"),
        ([{"image_id": 8, "caption": "a"}], "entry 0: found image_id 8, expected an image that has references"),
        ([{"image_id": 7}], "entry 0"),
        ({"image_id": 7}, "found dict"),
    ],
)
def test_bad_results_name_the_entry(tmp_path: Path, entries: object, message: str) -> None:
    write_json(tmp_path / "results.json", entries)
    with pytest.raises(InputError, match=message):
        read_results(tmp_path / "results.json", {"7": ["a"]})


def test_an_image_without_a_reference_is_named(tmp_path: Path) -> None:
    write_json(tmp_path / "captions.json", {"images": [{"id": 7}], "annotations": []})
    with pytest.raises(InputError, match="image 7: found no caption"):
        read_references(tmp_path / "captions.json")


def test_text_references_are_the_held_out_pairs(tmp_path: Path) -> None:
    import pyarrow as pa

    schema = pa.schema([("id", pa.string()), ("target_tokens", pa.list_(pa.string())), ("split", pa.string())])
    rows = [{"id": f"p{i}", "target_tokens": ["狗", "跑"], "split": s} for i, s in enumerate(("train", "test"))]
    write_table(tmp_path / "zh.parquet", rows, schema)
    assert read_text_references(tmp_path / "zh.parquet") == {"p1": ["狗 跑"]}


@pytest.mark.parametrize(("last", "before"), [("红色 umbrella", True), ("红色 。, ?", False)])
def test_its_table_is_unpacked_while_words_are_cut(last: str, before: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    class Starting(FakeMeteor):
        def __init__(self, timeout: float, paraphrases: object) -> None:
            order.append("METEOR")
            assert bool(paraphrases) == before

    class Unpacking(FakeTable):
        def __init__(self) -> None:
            order.append("table")

    def segment(captions: Any, policy: Any, language: Any) -> list[list[str]]:
        order.append("words")
        return [[word for word in caption.split() if word.isalnum()] for caption in captions]

    monkeypatch.setattr(sets, "Meteor", Starting)
    monkeypatch.setattr(sets, "cut_table", Unpacking)
    monkeypatch.setattr(sets, "segment", segment)
    references = {"1": ["一只狗"], "2": ["雨伞"]}
    scored = sets.cut_and_score({"a": CaptionSet({"1": "狗", "2": last}, references, "r")}, Scorers("given", "zh"))[1]
    assert order == ["table", "words", "METEOR"][not before :]
    assert scored["a"].corpus["METEOR"] == 25
