from __future__ import annotations

import os
import runpy
from pathlib import Path

import pytest

from crosscap.evaluation.unknown_names import PARTS, count_names, unknown_names
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.io.artifacts import read_json
from crosscap.text.vocabulary import Vocabulary, write_vocabularies
from crosscap.vision.graphs.label_table import LabelForm, LabelTable, labels_of

REALDATA = Path(os.environ.get("CROSSCAP_REALDATA", Path(__file__).parents[3] / "shared/data"))
TEXT = [SceneGraph("1", ("man", "horse", "park"), ((1, "brown"),), ((0, "ride", 1), (0, "in front of", 2)))]


def test_shares_are_counted_by_types_and_by_tokens() -> None:
    zoo = SceneGraph("a", ("zebra", "man", "man", "man"), ((0, "striped"), (1, "brown")), ((1, "in front of", 0),))
    images = count_names([zoo, SceneGraph("b", ("okapi", "zebra"))])
    shares = unknown_names(images, count_names(TEXT), {"man", "brown", "zebra", "in", "front", "of"})
    assert shares["objects"] == {
        "types": 3,
        "tokens": 6,
        "unknown_types": 66.6667,
        "unknown_tokens": 50.0,
        "unknown_words": 16.6667,
        "most_frequent": [["zebra", 2], ["okapi", 1]],
    }
    assert shares["attributes"]["unknown_tokens"] == 50 and shares["attributes"]["most_frequent"] == [["striped", 1]]
    assert shares["predicates"]["unknown_tokens"] == shares["predicates"]["unknown_words"] == 0


def test_a_name_known_in_another_part_is_unknown() -> None:
    shares = unknown_names(count_names([SceneGraph("a", ("brown",))]), count_names(TEXT), {"brown"})
    assert shares["objects"]["unknown_tokens"] == 100 and shares["objects"]["unknown_words"] == 0


def test_without_image_graphs_there_is_no_share() -> None:
    shares = unknown_names(count_names([]), count_names(TEXT), set())
    assert all(shares[part]["unknown_tokens"] is None and shares[part]["most_frequent"] == [] for part in PARTS)


def test_the_stage_compares_images_of_all_splits_with_the_graphs_of_a_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    images = {"train": [SceneGraph("1", ("man",))], "val": [], "test": [SceneGraph("2", ("okapi", "man"))]}
    for split, graphs in images.items():
        write_graphs(f"data/image_graphs/{split}.parquet", graphs)
    for name in ("zh", "zh_raw"):
        write_graphs(f"data/sentence_graphs/{name}.parquet", TEXT)
    vocabulary = Vocabulary.from_words(["man"])
    write_vocabularies("data/vocabulary/zh.json", vocabulary, vocabulary)
    monkeypatch.setattr("sys.argv", ["count_graphs", "--target", "zh"])
    runpy.run_path(str(Path(__file__).parents[2] / "stages/count_graphs.py"), run_name="stage")["main"]()
    content = read_json("reports/metrics/stages_graphs_zh.json")
    assert content["images"]["objects"]["mean"] == 1.5 and content["raw"]["graphs"] == 1
    assert content["image_names"]["objects"]["most_frequent"] == [["okapi", 1]]
    assert content["image_names"]["objects"]["unknown_words"] == 33.3333


@pytest.mark.realdata
def test_labels_of_visual_genome_come_nearer_to_the_words_of_captions() -> None:
    """Of 100 images; the words are the 9,486 that stand five times in COCO's captions."""
    path, words = (
        REALDATA / "vg_sample/vg_scene_graphs.json",
        REALDATA / "vocab/WORDMAP_coco_5_cap_per_img_5_min_word_freq.json",
    )
    if not (path.is_file() and words.is_file()):
        pytest.skip(f"{path} or {words} is absent (set CROSSCAP_REALDATA to the folder of the real data)")
    graphs = [_graph(image) for image in read_json(path)]
    vocabulary = set(read_json(words))
    known = dict.fromkeys(PARTS, vocabulary)
    shares = {}
    for normalise in (False, True):
        table = LabelTable.of(*labels_of(graphs), LabelForm(normalise))
        named = count_names(table.named(graph) for graph in graphs)
        shares[normalise] = [unknown_names(named, known, vocabulary)[part]["unknown_tokens"] for part in PARTS[:2]]
    assert shares == {False: [15.9085, 7.506], True: [2.3154, 3.2454]}


def _graph(image: dict) -> SceneGraph:
    def label(text: str) -> str:
        return " ".join(text.lower().split()) or "_"

    row = {thing["object_id"]: number for number, thing in enumerate(image["objects"])}
    return SceneGraph(
        str(image["image_id"]),
        tuple(label(thing["names"][0]) for thing in image["objects"]),
        tuple(
            (row[thing["object_id"]], label(name))
            for thing in image["objects"]
            for name in thing.get("attributes") or ()
        ),
        tuple(
            (row[relation["subject_id"]], label(relation["predicate"]), row[relation["object_id"]])
            for relation in image["relationships"]
        ),
    )
