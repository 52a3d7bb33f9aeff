"""The storybook's raw folder: every file of the contract, the truth about the noise, no scene used twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crosscap.config.storybook import StorybookSettings
from crosscap.errors import InputError
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import read_json, sha256_of
from crosscap.io.tables import read_table
from crosscap.storybook.build import build_raw
from crosscap.storybook.noise import CLEAN
from crosscap.storybook.parallel_text import bare
from crosscap.text.dictionaries import is_word, read_word_counts
from crosscap.text.tokenizers import tokenizer

SMALL = StorybookSettings.model_validate_json("""{
    "seed": 7, "pairs": 300, "other_lengths": 0.1, "dictionary_captions": 400, "caption_corpus": 40,
    "lexicon_test": 0.2,
    "noise": {"foreign": 0.1, "misaligned": 0.05, "wrong_language": 0.05, "broken": 0.05, "duplicate": 0.05},
    "images": {"train": 3, "val": 2, "test": 3, "captions": 5, "quality": 90},
    "treebanks": {"train": 20, "dev": 10, "unknown_words": 0.1}
}""")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    build_raw(folder, SMALL, "en", ("zh", "de"))
    return folder


def rows(raw: Path, target: str) -> list[dict[str, Any]]:
    gold = {row["id"]: row for row in read_table(raw / "gold" / f"filter_{target}.parquet")}
    return [pair | gold[pair["id"]] for pair in read_table(raw / "parallel" / f"{target}.parquet")]


def contents_of(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def test_every_file_of_the_contract_stands_in_the_manifest(raw: Path) -> None:
    manifest = read_json(raw / "manifest.json")
    found = contents_of(raw)
    del found["manifest.json"]
    assert {name: entry["sha256"] for name, entry in manifest["files"].items()} == found
    expected = {
        f"image_graphs/{kind}_{split}.jsonl" for kind in ("graphs", "sentences") for split in ("train", "val", "test")
    }
    expected |= {f"captions/captions_{split}_{t}.json" for split in ("val", "test") for t in ("zh", "de")}
    expected |= {"treebanks/en_dependency_train.conllu", "treebanks/zh_constituency_dev.txt", "dictionary/en.txt"}
    expected |= {"dictionary/de.txt", "lexicon/zh.tsv", "gold/sentence_graphs_de.parquet"}
    assert expected <= set(found)
    assert "treebanks/de_constituency_train.txt" not in found
    assert manifest["source"] == "storybook"


def test_the_same_parameters_give_the_same_bytes_and_another_target_changes_no_file(raw: Path, tmp_path: Path) -> None:
    build_raw(tmp_path, SMALL, "en", ("zh",))
    again, first = contents_of(tmp_path), contents_of(raw)
    del again["manifest.json"]
    assert again == {name: first[name] for name in again}


def test_no_scene_and_no_image_is_in_two_splits(raw: Path) -> None:
    manifest = read_json(raw / "manifest.json")
    scenes = [scene for ids in manifest["scenes"].values() for scene in ids]
    assert len(scenes) == len(set(scenes))
    images = [image for ids in manifest["images"].values() for image in ids]
    assert len(images) == len(set(images)) == 8
    prefixes = {scene.rpartition("-")[0] for scene in scenes}
    assert {
        "text-zh",
        "text-de",
        "treebank-train",
        "treebank-dev",
        "image-train",
        "image-val",
        "image-test",
    } <= prefixes


@pytest.mark.parametrize("target", ["zh", "de"])
def test_no_evaluation_caption_is_in_the_parallel_text(raw: Path, target: str) -> None:
    captions = {
        bare(annotation["caption"])
        for split in ("val", "test")
        for annotation in read_json(raw / f"captions/captions_{split}_{target}.json")["annotations"]
    }
    assert captions
    told = {bare(row["target"]) for row in rows(raw, target) if row["reason"] in ("clean", "length", "duplicate")}
    assert not captions & told


@pytest.mark.parametrize("target", ["zh", "de"])
def test_unpaired_captions_are_like_no_evaluation_caption_and_no_other(raw: Path, target: str) -> None:
    lines = [bare(line) for line in (raw / f"caption_corpus/{target}.txt").read_text(encoding="utf-8").splitlines()]
    evaluated = {
        bare(annotation["caption"])
        for split in ("val", "test")
        for annotation in read_json(raw / f"captions/captions_{split}_{target}.json")["annotations"]
    }
    assert len(set(lines)) == len(lines) == 40
    assert not evaluated & set(lines)


@pytest.mark.parametrize("target", ["zh", "de"])
def test_noise_is_accounted_for(raw: Path, target: str) -> None:
    reasons = Counter(row["reason"] for row in rows(raw, target))
    assert reasons.pop("clean") + reasons.pop("length") == 300
    assert reasons == {"foreign": 30, "misaligned": 15, "wrong_language": 15, "broken": 15, "duplicate": 15}


@pytest.mark.parametrize("target", ["zh", "de"])
def test_what_shall_be_kept_satisfies_the_rules_of_the_filter(raw: Path, target: str) -> None:
    dictionary = read_word_counts(raw / "dictionary/en.txt")
    seen: set[tuple[str, str]] = set()
    for row in rows(raw, target):
        words = [word for word in tokenizer("en").tokenize(row["source"]) if is_word(word)]
        known = sum(word in dictionary for word in words) / max(1, len(words))
        if row["keep"]:
            assert row["reason"] == CLEAN
            assert 10 <= len(words) <= 16
            assert known == 1.0
            assert (row["source"], row["target"]) not in seen
        elif row["reason"] == "duplicate":
            assert (row["source"], row["target"]) in seen
        elif row["reason"] == "length":
            assert not 10 <= len(words) <= 16
        elif row["reason"] == "foreign":
            assert known < 0.9
        seen.add((row["source"], row["target"]))


def test_every_clean_pair_has_its_gold_graph(raw: Path) -> None:
    graphs = {graph.id: graph for graph in read_graphs(raw / "gold/sentence_graphs_zh.parquet")}
    told = {row["id"]: row for row in rows(raw, "zh") if row["reason"] in ("clean", "length")}
    assert set(graphs) == set(told)
    for id, graph in graphs.items():
        assert graph.objects
        for _, attribute in graph.attributes:
            assert attribute in told[id]["source"].lower().split()


def test_annotations_are_coco(raw: Path) -> None:
    value = read_json(raw / "annotations/instances_test.json")
    boxes = {annotation["id"]: annotation for annotation in value["annotations"]}
    assert list(boxes) == list(range(1, len(boxes) + 1))
    sizes = {image["id"]: (image["width"], image["height"]) for image in value["images"]}
    for annotation in value["annotations"]:
        x, y, width, height = annotation["bbox"]
        assert width > 0 and height > 0
        assert x >= 0 and y >= 0
        assert x + width <= sizes[annotation["image_id"]][0] + 0.01
        assert y + height <= sizes[annotation["image_id"]][1] + 0.01
        assert set(annotation["attributes"]) <= set(value["attributes"])
    for relation in value["relations"]:
        assert relation["predicate"] in value["predicates"]
        for side in ("subject_id", "object_id"):
            assert boxes[relation[side]]["image_id"] == relation["image_id"]


def test_captions_have_ids_of_their_own_and_five_differ_an_image(raw: Path) -> None:
    value = read_json(raw / "captions/captions_test_zh.json")
    annotations = value["annotations"]
    assert [annotation["id"] for annotation in annotations] == list(range(1, len(annotations) + 1))
    for image in value["images"]:
        told = [a["caption"] for a in annotations if a["image_id"] == image["id"]]
        assert len(told) == len(set(told)) == 5


def test_the_lexicon_splits_by_english_word(raw: Path) -> None:
    lines = [line.split("\t") for line in (raw / "lexicon/zh.tsv").read_text(encoding="utf-8").splitlines()]
    sides: dict[str, set[str]] = {}
    for source, _, side in lines:
        sides.setdefault(source, set()).add(side)
    assert all(len(side) == 1 for side in sides.values())
    translations = {(source, target) for source, target, _ in lines}
    assert {
        ("bat", "球棒"),
        ("bat", "蝙蝠"),
        ("glasses", "眼镜"),
        ("ride", "骑"),
        ("ride", "坐"),
        ("wear", "戴"),
    } <= translations


@pytest.mark.parametrize(
    ("source", "targets", "key"), [("de", ("zh",), "source"), ("en", ("fr",), "targets"), ("en", ("en",), "targets")]
)
def test_a_language_that_the_storybook_does_not_speak_is_refused(
    tmp_path: Path, source: str, targets: tuple[str, ...], key: str
) -> None:
    with pytest.raises(InputError, match=rf"params.yaml, key languages.{key}: found '..', expected"):
        build_raw(tmp_path, SMALL, source, targets)
    assert not list(tmp_path.iterdir())
