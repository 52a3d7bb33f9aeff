from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crosscap.collection.user_files import collect_user_files
from crosscap.config.collect import CollectSettings, Files
from crosscap.config.loader import validate_section
from crosscap.errors import InputError
from crosscap.graph.tables import read_graphs
from crosscap.io.artifacts import read_json
from crosscap.io.tables import read_table

TREE = "1\tDogs\tdog\tNOUN\t_\t_\t2\tnsubj\t_\t_\n2\trun\trun\tVERB\t_\t_\t0\troot\t_\t_\n\n"


def user_files(folder: Path, **changes: Any) -> Files:
    """Two images' captions in the text, one image to evaluate, a list of words, a lexicon, a treebank."""
    (folder / "enc.txt").write_text("".join(f"{n}000_x.jpg#enc#0 A dog runs {n} .\n" for n in range(1, 4)))
    (folder / "zhb.txt").write_text("".join(f"{n}000_x.jpg#zhb#0 狗跑{n}。\n" for n in range(1, 4)), encoding="utf-8")
    (folder / "zhc.txt").write_text("3000_x.jpg#zhc#0 一只狗。\n3000_x.jpg#zhc#1 狗在跑。\n", encoding="utf-8")
    (folder / "train.txt").write_text("1000_x.jpg\n2000_x.jpg\n")
    (folder / "test.txt").write_text("3000_x\n")
    (folder / "words.txt").write_text("a 9\ndog 5\nrare 1\n")
    (folder / "lexicon.txt").write_text("狗 @ dog\n", encoding="utf-8")
    (folder / "tree.conllu").write_text(TREE)
    values: dict[str, Any] = {
        "parallel": [
            {
                "target": "zh", "format": "captions", "licence": "mine", "images": f"{folder}/train.txt",
                "paths": [f"{folder}/enc.txt", f"{folder}/zhb.txt"],
            }
        ],
        "dictionary": {"en": {"path": f"{folder}/words.txt", "format": "words", "licence": "free", "min_count": 2}},
        "lexicon": {
            "zh": {"path": f"{folder}/lexicon.txt", "layout": "target @ source", "licence": "free", "test": 0.0}
        },
        "captions": [
            {
                "target": "zh", "split": "test", "format": "captions", "licence": "mine",
                "path": f"{folder}/zhc.txt", "images": f"{folder}/test.txt",
            }
        ],
        "image_sentences": {
            "test": {
                "path": f"{folder}/enc.txt", "format": "captions", "licence": "mine", "images": f"{folder}/test.txt",
            }
        },
        "treebanks": {
            "dependency": {"train": f"{folder}/tree.conllu", "dev": f"{folder}/tree.conllu", "licence": "free"}
        },
    }  # fmt: skip
    collect = validate_section(
        CollectSettings, "collect", {"source": "files", "files": {**values, **changes}}, "params.yaml"
    )
    assert collect.files is not None
    return collect.files


def collected(folder: Path, **changes: Any) -> Path:
    raw = folder / "raw"
    raw.mkdir()
    collect_user_files(raw, user_files(folder, **changes), "en", ("zh",))
    return raw


def test_every_path_of_the_contract_is_there_and_what_was_not_given_is_empty(tmp_path):
    raw = collected(tmp_path)
    assert sorted(path.relative_to(raw).as_posix() for path in raw.rglob("*") if path.is_file()) == [
        *(f"annotations/instances_{split}.json" for split in ("test", "train", "val")),
        "caption_corpus/zh.txt",
        *(f"captions/captions_{split}_zh.json" for split in ("test", "val")),
        "dictionary/en.txt",
        "dictionary/zh.txt",
        "gold/filter_zh.parquet",
        "gold/sentence_graphs_zh.parquet",
        "image_features.json",
        *(
            f"image_graphs/{kind}_{split}.jsonl"
            for kind in ("graphs", "sentences")
            for split in ("test", "train", "val")
        ),
        "lexicon/zh.tsv",
        "manifest.json",
        "parallel/zh.parquet",
        "quarantine/records.jsonl",
        "segmentation/en.txt",
        "segmentation/zh.txt",
        "treebanks/en_dependency_dev.conllu",
        "treebanks/en_dependency_train.conllu",
    ]
    assert sorted(path.name for path in (raw / "images").iterdir()) == ["test", "train", "val"]
    assert (raw / "dictionary/zh.txt").read_text() == ""
    assert read_graphs(raw / "gold/sentence_graphs_zh.parquet") == []


def test_the_records_are_those_of_the_files(tmp_path):
    raw = collected(tmp_path)
    assert [row["target"] for row in read_table(raw / "parallel/zh.parquet")] == ["狗跑1。", "狗跑2。"]
    assert (raw / "dictionary/en.txt").read_text() == "a\t9\ndog\t5\n"
    assert (raw / "lexicon/zh.tsv").read_text() == "dog\t狗\ttrain\n"
    assert (raw / "treebanks/en_dependency_train.conllu").read_text() == TREE
    assert read_json(raw / "captions/captions_test_zh.json") == {
        "images": [{"id": 3000, "file_name": "3000_x.jpg"}],
        "annotations": [
            {"id": 1, "image_id": 3000, "caption": "一只狗。"},
            {"id": 2, "image_id": 3000, "caption": "狗在跑。"},
        ],
    }
    assert json.loads((raw / "image_graphs/sentences_test.jsonl").read_text()) == {
        "id": 3000,
        "sentences": ["A dog runs 3 ."],
    }


def test_the_manifest_has_the_sum_records_licence_and_origin_of_each_file(tmp_path):
    raw = collected(tmp_path)
    manifest = read_json(raw / "manifest.json")
    assert manifest["files"]["parallel/zh.parquet"] == {
        "sha256": hashlib.sha256((raw / "parallel/zh.parquet").read_bytes()).hexdigest(),
        "records": 2,
        "licence": "mine",
        "origin": "enc.txt; zhb.txt",
    }
    assert (manifest["source"], manifest["quarantined"]) == ("files", {})
    assert manifest["scenes"] == {
        "train": [], "val": [], "test": ["3000"], "text": ["1000", "2000"], "caption_corpus": [],
    }  # fmt: skip
    assert manifest["images"] == {"train": [], "val": [], "test": [3000]}


def test_every_input_has_its_sum_licence_and_counts(tmp_path):
    raw = collected(tmp_path)
    inputs = {(given["use"], Path(given["path"]).name): given for given in read_json(raw / "manifest.json")["inputs"]}
    assert inputs["parallel zh", "zhb.txt"] == {
        "path": f"{tmp_path}/zhb.txt", "use": "parallel zh", "format": "captions", "licence": "mine",
        "sha256": hashlib.sha256((tmp_path / "zhb.txt").read_bytes()).hexdigest(),
        "unit": "lines", "read": 3, "kept": 2, "quarantined": 0, "unselected": 1, "reasons": {},
    }  # fmt: skip
    assert sorted(inputs) == [
        ("captions test zh", "zhc.txt"),
        ("dependency treebank", "tree.conllu"),
        ("dictionary en", "words.txt"),
        ("image sentences test", "enc.txt"),
        ("lexicon zh", "lexicon.txt"),
        ("parallel zh", "enc.txt"),
        ("parallel zh", "zhb.txt"),
    ]


def test_corpora_of_all_layouts_follow_each_other_and_bad_lines_are_kept_apart(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/c.tsv").write_text("A dog.\t狗\nA cat.\nA hog.\t野猪\n", encoding="utf-8")
    (tmp_path / "c.tsv").write_text("A cow.\t牛\n", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text('{"english": "A pig.", "chinese": "猪"}\n{}\n', encoding="utf-8")
    (tmp_path / "one.en").write_text("A hen.\n")
    (tmp_path / "one.zh").write_text("鸡\n", encoding="utf-8")
    (tmp_path / "two.en").write_text("A fox.\n")
    (tmp_path / "two.zh").write_text("狐\n", encoding="utf-8")
    given = (["a/c.tsv", "c.tsv"], ["c.jsonl"], ["one.en", "one.zh", "two.en", "two.zh"])
    parallel = [
        {"target": "zh", "licence": "mine", "paths": [f"{tmp_path}/{path}" for path in paths]} for paths in given
    ]
    raw = collected(tmp_path, parallel=parallel)
    assert [(row["id"], row["source"], row["target"]) for row in read_table(raw / "parallel/zh.parquet")] == [
        ("a.c.tsv-00000001", "A dog.", "狗"),
        ("a.c.tsv-00000003", "A hog.", "野猪"),
        (f"{tmp_path.name}.c.tsv-00000001", "A cow.", "牛"),
        ("c.jsonl-00000001", "A pig.", "猪"),
        ("one.en-00000001", "A hen.", "鸡"),
        ("two.en-00000001", "A fox.", "狐"),
    ]
    assert list(map(json.loads, (raw / "quarantine/records.jsonl").read_text().splitlines())) == [
        {"file": "a.c.tsv", "line": 2, "reason": "too few columns: 1 of 2", "text": "A cat."},
        {"file": "c.jsonl", "line": 2, "reason": "no text of the key: english", "text": "{}"},
    ]
    assert read_json(raw / "manifest.json")["quarantined"] == {"too few columns": 1, "no text of the key": 1}


def test_a_corpus_that_is_listed_twice_is_refused(tmp_path):
    corpus = {"target": "zh", "licence": "", "paths": [f"{tmp_path}/enc.txt", f"{tmp_path}/zhb.txt"]}
    with pytest.raises(InputError, match=r"enc\.txt and .*zhb\.txt twice, expected each corpus once"):
        collected(tmp_path, parallel=[corpus, corpus])


def test_a_wrong_format_is_said_and_the_probable_one_is_named(tmp_path):
    (tmp_path / "c.jsonl").write_text('{"english": "A pig.", "chinese": "猪"}\n', encoding="utf-8")
    corpus = {"target": "zh", "licence": "", "format": "tsv", "paths": [f"{tmp_path}/c.jsonl"]}
    with pytest.raises(InputError, match=r"found too few columns: 1 of 2, .* It looks like json_lines: set `format: j"):
        collected(tmp_path, parallel=[corpus])


def test_words_for_the_segmenter_reach_the_raw_data_and_the_counted_dictionary(tmp_path):
    (tmp_path / "own.txt").write_text("狗跑 99999\n", encoding="utf-8")
    raw = collected(
        tmp_path,
        segmentation={"zh": {"path": f"{tmp_path}/own.txt", "licence": "mine"}},
        dictionary={"zh": {"path": f"{tmp_path}/zhb.txt", "format": "captions", "licence": "mine"}},
    )
    assert (raw / "segmentation/zh.txt").read_text(encoding="utf-8") == "狗跑 99999\n"
    assert (raw / "dictionary/zh.txt").read_text(encoding="utf-8").splitlines()[0] == "狗跑\t3"


def test_the_same_files_give_the_same_bytes_twice(tmp_path):
    for name in ("one", "two"):
        collected(tmp_path).rename(tmp_path / name)
    first, second = (
        {str(p.relative_to(tmp_path / n)): p.read_bytes() for p in sorted((tmp_path / n).rglob("*")) if p.is_file()}
        for n in ("one", "two")
    )
    assert first == second


def test_captions_of_an_evaluated_image_in_the_training_text_are_refused(tmp_path):
    (tmp_path / "all.txt").write_text("1000_x\n3000_x\n")
    parallel = {
        "target": "zh", "format": "captions", "licence": "", "images": f"{tmp_path}/all.txt",
        "paths": [f"{tmp_path}/enc.txt", f"{tmp_path}/zhb.txt"],
    }  # fmt: skip
    with pytest.raises(InputError, match="found 1 images of test whose captions are in the parallel text, first 3000"):
        collected(tmp_path, parallel=[parallel])


def test_pictures_are_copied_with_their_annotations_and_a_broken_one_is_set_aside(tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    Image.new("RGB", (8, 6)).save(pictures / "41234.jpg")
    (pictures / "51234.jpg").write_text("no picture")
    annotations = {
        "images": [{"id": 41234, "file_name": "41234.jpg"}, {"id": 51234, "file_name": "51234.jpg"}],
        "categories": [{"id": 1, "name": "dog"}],
        "annotations": [{"id": n, "image_id": n, "category_id": 1, "bbox": [0, 0, 2, 2]} for n in (41234, 51234)],
    }
    (tmp_path / "instances.json").write_text(json.dumps(annotations))
    images = {"train": {"folder": str(pictures), "licence": "x", "annotations": f"{tmp_path}/instances.json"}}
    raw = collected(tmp_path, images=images)
    instances = read_json(raw / "annotations/instances_train.json")
    assert instances["images"] == [{"id": 41234, "file_name": "41234.jpg", "width": 8, "height": 6, "scene": "41234"}]
    assert [(note["id"], note["image_id"], note["bbox"]) for note in instances["annotations"]] == [
        (1, 41234, [0, 0, 2, 2])
    ]
    assert [path.name for path in (raw / "images/train").iterdir()] == ["41234.jpg"]
    record = json.loads((raw / "quarantine/records.jsonl").read_text())
    assert (record["file"], record["reason"][:11]) == ("51234.jpg", "no picture:")
    assert read_json(raw / "manifest.json")["quarantined"] == {"no picture": 1}


def test_image_graphs_are_checked_line_by_line(tmp_path):
    good = {"id": "7000", "objects": ["dog"], "attributes": [{"object": 0, "name": "brown"}], "relations": []}
    bad = {**good, "attributes": [{"object": 1, "name": "brown"}]}
    (tmp_path / "graphs.jsonl").write_text("\n".join(map(json.dumps, (good, bad))))
    with pytest.raises(InputError, match=r"graphs\.jsonl, line 2: found ValueError: .*, expected a scene graph"):
        collected(tmp_path, image_graphs={"test": {"path": f"{tmp_path}/graphs.jsonl", "licence": ""}})


def test_a_target_without_parallel_text_is_refused(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    with pytest.raises(InputError, match=r"found parallel text for \['zh'\], expected some for 'de'"):
        collect_user_files(raw, user_files(tmp_path), "en", ("de",))


def test_an_unknown_key_deep_inside_is_named(tmp_path):
    with pytest.raises(InputError, match=r"key collect\.files\.parallel\.0\.licens.*Did you mean 'licence'"):
        user_files(tmp_path, parallel=[{"target": "zh", "format": "tsv", "paths": ["x"], "licens": "", "licence": ""}])
