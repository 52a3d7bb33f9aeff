from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from crosscap.cli import caption as command
from crosscap.config.loader import read_yaml, validate_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.systems.unison.cross_modal import CrossModalMapper, MapperConfig
from crosscap.systems.unison.model_building import build_model
from crosscap.text.vocabulary import Vocabulary
from crosscap.vectors.lookup import AlignedVectors

REPOSITORY = Path(__file__).parents[2]
PARAMS = """
languages: {source: en, targets: [zh]}
detection: {score_threshold: 0.3, nms_iou: 0.5, duplicate_iou: 0.7, max_objects: 9, threads: 1}
image_graphs: {backend: predicted, object_threshold: 0.5, attribute_threshold: 0.5, relation_threshold: 0.4,
               duplicate_iou: 0.7, normalise_labels: true, object_aliases: null, relationship_aliases: null,
               max_objects: 9, max_attributes: 3, max_relations: 9}
generation:
  {method: beam, beam: 2, max_words: 6, n_best: 1, length_norm: {kind: none, alpha: 0.6}, batch_size: 2, threads: 1,
   sampling: {temperature: 1.0, top_k: 0, top_p: 1.0, seed: 1},
   constraints: {min_words: 0, no_repeat: 0, banned_words: [], required_words: []}}
"""


class Eyes:
    """Sees a red dog in bright pictures and nothing in dark ones."""

    @classmethod
    def load(cls, *_arguments) -> Eyes:
        return cls()

    def graphs(self, pictures, ids):
        return [
            SceneGraph(name, ("dog",), ((0, "red"),), (), ((0.0, 0.0, 5.0, 5.0),), (0.9,))
            if picture.mean() > 100 else SceneGraph(name)
            for name, picture in zip(ids, pictures, strict=True)
        ]  # fmt: skip


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "params.yaml").write_text(PARAMS)
    for name, color in (("bright", 200), ("dark", 10)):
        Image.fromarray(np.full((8, 8, 3), color, np.uint8)).save(tmp_path / f"{name}.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    torch.manual_seed(0)
    words = {"dog": "狗", "red": "红", "a": "一个"}
    rows = torch.eye(3)
    vectors = AlignedVectors(tuple(words), tuple(words.values()), rows, rows, torch.arange(3))
    folder = tmp_path / "models"
    for part in ("aligned_vectors/zh", "phase1/zh/hgm", "phase2/zh/hgm"):
        (folder / part).mkdir(parents=True)
    vectors.save(folder / "aligned_vectors/zh")
    values = read_yaml(REPOSITORY / "params.yaml")["phase1"]
    values |= {"size": 8, "kl_size": 4, "dropout": 0.0, "word_input": "vectors"}
    settings = validate_section(Phase1Settings, "phase1", values, "params.yaml")
    source, target = Vocabulary.from_words(words), Vocabulary.from_words(words.values())
    build_model("hgm", settings, [], source, target, vectors).save(folder / "phase1/zh/hgm")
    CrossModalMapper(MapperConfig(8, "identity")).save(folder / "phase2/zh/hgm")
    monkeypatch.setattr(command, "ImageGraphPredictor", Eyes)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def test_each_picture_gets_one_line(project, capsys) -> None:
    assert call("bright.png", "dark.png") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["bright.png", "dark.png"]
    assert all(set(line.split("\t")[1]) <= set("狗红一个") for line in lines)


def test_one_picture_gives_the_caption_alone(project, capsys) -> None:
    assert call("bright.png", "--lang", "zh", "--without-phase2") == 0
    assert "\t" not in capsys.readouterr().out


def test_json_holds_caption_score_and_scene_graph(project, capsys) -> None:
    assert call("bright.png", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert sorted(row) == ["caption", "graph", "image", "score"]
    assert row["image"] == "bright.png"
    assert row["score"] < 0
    assert row["graph"]["objects"] == ["dog"]
    assert row["graph"]["attributes"] == [{"object": 0, "name": "red"}]


def test_options_of_decoding_take_the_place_of_the_parameters(project, capsys) -> None:
    assert call("bright.png", "--beam", "4", "--n-best", "3", "--require", "狗", "红", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert len(row["n_best"]) == 3 and row["n_best"][0] == {"caption": row["caption"], "score": row["score"]}
    assert all("狗" in one["caption"] and "红" in one["caption"] for one in row["n_best"])
    assert call("bright.png", "--n-best", "2", "--ban", "狗", "--min-words", "2") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and all(len(line) >= 2 and "狗" not in line for line in lines)
    drawn = []
    for seed in ("1", "2", "1"):
        assert call("bright.png", "--sample", "--n-best", "5", "--seed", seed, "--temperature", "3") == 0
        drawn.append(capsys.readouterr().out)
    assert drawn[0] == drawn[2] != drawn[1]


def test_an_option_of_decoding_that_contradicts_is_named(project) -> None:
    with pytest.raises(InputError, match="n_best 9 exceeds beam 2"):
        call("bright.png", "--n-best", "9")
    with pytest.raises(InputError, match=r"top_p"):
        call("bright.png", "--sample", "--top-p", "1.5")


def test_a_broken_or_missing_picture_is_named_and_the_others_are_captioned(project, capsys) -> None:
    assert call("broken.jpg", "bright.png", "none.png") == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("bright.png\t") and len(printed.out.splitlines()) == 1
    assert "error: broken.jpg: found " in printed.err
    assert "error: none.png: found no such file" in printed.err


def test_names_that_are_no_text_stay_on_their_line_and_come_back_from_json(project, capsys) -> None:
    name = os.fsdecode(b"two\nlines\xff.png")
    (project / name).symlink_to("bright.png")
    assert call(name, "dark.png") == 0
    lines = capsys.readouterr().out.encode().decode().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["two\\nlines\\udcff.png", "dark.png"]
    assert call(name, "--json") == 0
    (row,) = json.loads(capsys.readouterr().out.encode())
    assert row["image"] == name


def test_a_picture_that_is_read_reduced_has_boxes_in_its_own_pixels(project, capsys, monkeypatch) -> None:
    monkeypatch.setattr("crosscap.vision.images.FULL_PIXELS", 16)
    assert call("bright.png", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["graph"]["boxes"] == [[0.0, 0.0, 10.0, 10.0]]  # 5 of 4 pixels, which stand for 8


def test_only_broken_pictures_print_nothing_but_errors(project, capsys) -> None:
    assert call("broken.jpg") == 1
    assert capsys.readouterr().out == ""
    assert call("broken.jpg", "--json") == 1
    assert json.loads(capsys.readouterr().out) == []


def test_a_language_or_variant_without_a_model_is_an_error_that_names_the_trained_ones(project) -> None:
    with pytest.raises(InputError, match=r"phase1/de/hgm: found no trained model, expected one of zh/hgm"):
        call("bright.png", "--lang", "de")
    with pytest.raises(InputError, match=r"phase1/zh/gen: found no trained model"):
        call("bright.png", "--variant", "gen")


def test_a_missing_section_of_the_parameters_is_named(project) -> None:
    (project / "params.yaml").write_text(PARAMS.replace("generation", "generations"))
    with pytest.raises(InputError, match=r"params\.yaml, key generation"):
        call("bright.png")
