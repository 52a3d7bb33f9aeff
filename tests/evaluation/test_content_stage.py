"""The stage evaluate_content on a folder of tiny artifacts, without a translator and with one."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import torch

from crosscap.errors import InputError
from crosscap.evaluation import structure
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.io.artifacts import read_json, write_json, write_lines
from crosscap.io.tables import read_table, write_table
from crosscap.systems.unison.node_translation import NodeTranslations
from crosscap.vectors.lookup import AlignedVectors

REPOSITORY = Path(__file__).parents[2]
PAIRS = pa.schema([("id", pa.string()), ("target_tokens", pa.list_(pa.string())), ("split", pa.string())])
METRICS, TABLE = Path("reports/metrics/content_zh_hgm.json"), Path("data/scores/content_zh_hgm.parquet")
TOLD = {1: ["一只狗在公园里跑。", "一只狗"], 2: ["一个女人抱着一只猫", "一个人"]}
WRITTEN = {1: "一只 狗 追 一匹 马 。", 2: "一个 女人 抱着 一只 猫"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two test images: a dog in a park, of which the caption says that it chases a horse, and a woman with a cat."""
    monkeypatch.chdir(tmp_path)
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    write_captions()
    write_lines("data/raw/caption_corpus/zh.txt", ["一只狗追一匹马"])
    write_lines("data/raw/lexicon/zh.tsv", ["dog\t狗\ttrain", "horse\t马\ttest", "cat\t猫\ttrain", "chase\t追\ttrain"])
    write_graphs("data/raw/gold/sentence_graphs_zh.parquet", [SceneGraph("p2", ("dog", "horse"))])
    tokens = {
        "p1": (["一个", "女人", "抱着", "一只", "猫", "。"], "train"),
        "p2": (["小狗", "在", "公园", "里"], "test"),
    }
    pairs = [{"id": id, "target_tokens": words, "split": split} for id, (words, split) in tokens.items()]
    write_table("data/filtered/zh.parquet", pairs, PAIRS)
    write_graphs(
        "data/image_graphs/test.parquet", [SceneGraph("1", ("dog", "park"), relations=((0, "in", 1),)), SceneGraph("2")]
    )
    write_graphs("data/gold_image_graphs/test.parquet", [SceneGraph("1", ("dog", "park")), SceneGraph("2", ("woman",))])
    write_json("data/image_graphs/labels.json", {"objects": {"horses": {"name": "horse", "attributes": []}}})
    for folder in ("models/node_translations/zh", "models/aligned_vectors/zh"):
        Path(folder).mkdir(parents=True)
    NodeTranslations({"woman": ("女人",)}).write("models/node_translations/zh")
    unit = torch.tensor([[1.0]])
    AlignedVectors(("park",), ("公园",), unit, unit, torch.tensor([0])).save("models/aligned_vectors/zh")
    return tmp_path


def write_captions(told: dict[int, list[str]] = TOLD, **changed: list[dict[str, Any]]) -> None:
    """The captions of the run; ``changed``: sets that shall hold others."""
    images = [{"id": image, "file_name": f"{image}.jpg"} for image in told]
    captions = [(image, text) for image, texts in told.items() for text in texts]
    annotations = [{"id": row, "image_id": image, "caption": text} for row, (image, text) in enumerate(captions)]
    write_json("data/raw/captions/captions_test_zh.json", {"images": images, "annotations": annotations})
    results = [{"image_id": image, "caption": text} for image, text in WRITTEN.items()]
    for name in ("with_phase2", "without_phase2", "gold_graphs"):
        write_json(f"data/captions/zh/hgm/{name}.json", changed.get(name, results))


def run(variant: str = "hgm") -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["evaluate_content", "--target", "zh", "--variant", variant])
        runpy.run_path(str(REPOSITORY / "stages/evaluate_content.py"), run_name="stage")["main"]()
    return dict(read_json(f"reports/metrics/content_zh_{variant}.json"))


def test_a_horse_that_nobody_saw_is_counted_and_every_word_is_glossed(project: Path) -> None:
    content = run()
    assert (
        content["captions"]["with_phase2"]
        == content["captions"]["gold_graphs"]
        == {
            "distinct-1": 90.9091,  # 一只 twice among 11 words
            "distinct-2": 100.0,
            "vocabulary": 10,
            "mean_length": 5.5,
            "novel_sentences": 50.0,
            "CHAIR_i": 33.3333,  # the horse, of dog, horse and woman; no image graph names a cat
            "CHAIR_s": 50.0,
            "beta_G": None,
        }
    )
    assert content["references"]["mean_length"] == 6.0 and content["references"]["novel_sentences"] == 50.0
    assert list(content["missing"]) == ["beta_G"] and "no translator" in content["missing"]["beta_G"]
    assert content["object_words"] == {"precision": 50.0, "recall": 50.0, "sentences": 1}
    assert content["counts"] == {"images": 2, "images_judged": 2, "glossary": 6}
    first = read_table(TABLE)[0]
    assert first["caption"] == WRITTEN[1] and first["words"] == ["一只", "狗", "追", "一匹", "马"]
    assert first["gloss"] == ["", "dog", "chase", "", "horse"]
    assert first["CHAIR objects"] == ["horse"] and first["english"] is None and first["beta_G"] is None


def test_scores_over_captions_have_intervals(project: Path) -> None:
    run()
    # A draw has one of the two captions twice or each once: 5 words with a horse for a dog, 6 words with a woman.
    bounds = {"CHAIR_i": [0, 50], "CHAIR_s": [0, 100], "mean_length": [5, 6], "novel_sentences": [0, 100]}
    found = read_json("reports/significance/content_zh_hgm.json")
    assert found["intervals"] == dict.fromkeys(("with_phase2", "without_phase2", "gold_graphs"), bounds)


def test_the_same_input_gives_the_same_bytes(project: Path) -> None:
    run()
    before = METRICS.read_bytes(), TABLE.read_bytes()
    run()
    assert (METRICS.read_bytes(), TABLE.read_bytes()) == before


def test_a_tuned_run_has_read_the_caption_corpus_as_well(project: Path) -> None:
    shutil.copytree("data/captions/zh/hgm", "data/captions/zh/hgm-captions")
    assert run("hgm-captions")["captions"]["with_phase2"]["novel_sentences"] == 0.0


def test_gold_graphs_of_some_images_only_are_left_out(project: Path) -> None:
    write_captions(gold_graphs=[{"image_id": 1, "caption": "狗"}])
    content = run()
    assert set(content["captions"]["gold_graphs"].values()) == {None}
    assert content["missing"]["gold graphs"] == "not all test images have annotated objects"
    assert {row["set"] for row in read_table(TABLE)} == {"with_phase2", "without_phase2"}


def test_without_gold_and_known_words_no_caption_is_judged(project: Path) -> None:
    write_graphs("data/gold_image_graphs/test.parquet", [])
    write_lines("data/raw/lexicon/zh.tsv", ["chase\t追\ttrain"])
    NodeTranslations({}).write("models/node_translations/zh")
    write_captions(told=TOLD | {1: ["一只狗在街上"]})
    content = run()
    scores = content["captions"]["with_phase2"]
    assert scores["CHAIR_i"] is None and scores["CHAIR_s"] is None and scores["vocabulary"] == 10
    assert "neither gold graphs nor references" in content["missing"]["CHAIR_s"]
    assert content["counts"]["images_judged"] == 0


def test_empty_captions_are_scored(project: Path) -> None:
    write_captions(with_phase2=[{"image_id": image, "caption": ""} for image in TOLD])
    content = run()
    scores = content["captions"]["with_phase2"]
    assert (scores["CHAIR_s"], scores["CHAIR_i"], scores["distinct-1"], scores["mean_length"]) == (0.0, None, None, 0.0)
    assert content["missing"]["CHAIR_i"] == "no caption names an object that the word lists know"


def test_a_caption_of_an_unknown_image_ends_the_stage_and_nothing_is_written(project: Path) -> None:
    write_captions(with_phase2=[{"image_id": 9, "caption": "狗"}])
    with pytest.raises(InputError, match=r"with_phase2\.json, entry 0: found image_id 9"):
        run()
    assert not METRICS.exists() and not TABLE.exists()


def test_with_a_translator_the_graph_of_a_captions_english_is_compared(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The models' own tests are elsewhere; here is what becomes of what they say."""
    asked: list[str] = []

    def translate(texts: list[str]) -> list[bytes]:
        asked.extend(texts)
        said = {"一只狗追一匹马。": "a dog in a park", "一个女人抱着一只猫": ""}
        return [f'{{"tokens": {str(said[text].split()).replace(chr(39), chr(34))}}}'.encode() for text in texts]

    class Parser:
        def parse(self, sentences: list[list[str]]) -> list[str]:
            return [" ".join(words) for words in sentences]

    def read(tree: str, id: str) -> SceneGraph:
        assert tree == "a dog in a park"
        return SceneGraph(id, ("dog", "park"), relations=((0, "in", 1),))

    Path("models/translator/zh/backward").mkdir(parents=True)
    monkeypatch.setattr(structure, "caption_translator", lambda *_: translate)
    monkeypatch.setattr(structure, "load_parser", lambda _: Parser())
    monkeypatch.setattr("crosscap.graph.sentence_reading.graph_reader", lambda _: read)
    content = run()
    assert sorted(asked) == ["一个女人抱着一只猫", "一只狗追一匹马。"]  # once each, for three sets
    # Image 1: equal graphs; image 2: two empty ones. Of gold graphs: bare objects and a relation, a woman and nothing.
    assert content["captions"]["with_phase2"]["beta_G"] == 100.0
    assert content["captions"]["gold_graphs"]["beta_G"] == 0.0
    assert content["missing"] == {}
    row = read_table(TABLE)[0]
    assert row["english"] == ["a", "dog", "in", "a", "park"] and row["beta_G"] == 100.0
