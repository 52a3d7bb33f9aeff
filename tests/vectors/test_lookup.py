from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch

from crosscap.errors import InputError
from crosscap.vectors.lookup import AlignedVectors


@pytest.fixture
def aligned() -> AlignedVectors:
    source = torch.eye(3)
    target = torch.tensor([[0.0, 1, 0], [1, 0, 0], [0.6, 0, 0.8]])
    return AlignedVectors(("in", "front", "dog"), ("前面", "在", "狗"), source, target, torch.tensor([1, 0, 2]))


def test_a_word_has_its_row_and_retrieves_its_nearest_target_word(aligned: AlignedVectors) -> None:
    assert aligned.source_index("dog") == 2
    assert aligned.source_index("cat") is None
    assert aligned.source_vector("dog").tolist() == [0, 0, 1]
    assert aligned.target_vector("在").tolist() == [1, 0, 0]
    assert torch.equal(aligned.retrieve("dog"), aligned.target[2])


def test_a_name_of_several_words_is_the_unit_mean_of_its_known_words(aligned: AlignedVectors) -> None:
    half = 0.5**0.5
    assert torch.allclose(aligned.source_vector("in front of"), torch.tensor([half, half, 0]))
    assert torch.allclose(aligned.source_vector("big dog"), torch.tensor([0.0, 0, 1]))
    assert aligned.retrieved_words(["in dog"]) == ["狗"]


def test_a_lemma_is_the_unit_mean_of_its_known_forms_alone_and_in_a_name() -> None:
    aligned = AlignedVectors(
        ("rides", "riding", "on"), ("骑", "上"), torch.eye(3), torch.eye(3)[:2], torch.tensor([0, 0, 1])
    )
    half = 0.5**0.5
    assert torch.allclose(aligned.source_vector("ride"), torch.tensor([half, half, 0]))
    assert torch.allclose(aligned.source_vector("ride on"), torch.tensor([0.5, 0.5, half]))
    assert aligned.source_index("ride") is None


def test_unknown_names_are_zeros_and_retrieve_zeros(aligned: AlignedVectors) -> None:
    assert aligned.source_matrix(["cat", "dog"]).tolist() == [[0, 0, 0], [0, 0, 1]]
    assert aligned.retrieved_matrix(["cat", "big cat", "in"]).tolist() == [[0, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert aligned.target_matrix(["猫"]).tolist() == [[0, 0, 0]]
    assert aligned.retrieved_words(["cat"]) == [None]


def test_no_names_give_an_empty_matrix(aligned: AlignedVectors) -> None:
    assert aligned.source_matrix([]).shape == (0, 3)
    assert aligned.retrieved_matrix([]).shape == (0, 3)


def test_what_is_saved_is_loaded(aligned: AlignedVectors, tmp_path) -> None:
    aligned.save(tmp_path)
    loaded = AlignedVectors.load(tmp_path)
    assert loaded.source_words == aligned.source_words
    assert torch.equal(loaded.target, aligned.target)
    assert torch.equal(loaded.nearest, aligned.nearest)


def test_a_missing_or_broken_file_is_named(aligned: AlignedVectors, tmp_path) -> None:
    aligned.save(tmp_path)
    (tmp_path / "target.safetensors").write_bytes(b"nonsense")
    with pytest.raises(InputError, match=r"target\.safetensors: found .*Run `align_word_vectors` again"):
        AlignedVectors.load(tmp_path)
    (tmp_path / "target.safetensors").unlink()
    with pytest.raises(InputError, match=r"target\.safetensors: found no such file"):
        AlignedVectors.load(tmp_path)


def test_words_and_rows_must_agree_in_number(aligned: AlignedVectors, tmp_path) -> None:
    aligned.save(tmp_path)
    (tmp_path / "words.json").write_text('{"source": ["in"], "target": ["前面", "在", "狗"]}', encoding="utf-8")
    with pytest.raises(InputError, match=r"words\.json: found 1 source words, expected 3, one a row"):
        AlignedVectors.load(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"nearest": torch.tensor([0, 1, 3])},
            r"retrieval\.safetensors: found rows that are none, expected .* below 3",
        ),
        ({"nearest": torch.tensor([0, -1, 1])}, r"retrieval\.safetensors: found rows that are none"),
        ({"nearest": torch.tensor([0.0, 1.0, 2.0])}, r"retrieval\.safetensors: found rows that are none"),
        ({"target": torch.eye(3)[:, :2]}, r"target\.safetensors: found vectors of 2 values, expected 3"),
        ({"source": torch.ones(3)}, r"source\.safetensors: found float32 \[3\]"),
        ({"source": torch.eye(3).half()}, r"source\.safetensors: found float16 \[3, 3\]"),
        ({"target": torch.full((3, 3), torch.nan)}, r"target\.safetensors: .* finite float32"),
    ],
)
def test_tensors_that_do_not_belong_together_are_refused(aligned: AlignedVectors, tmp_path, changes, message) -> None:
    replace(aligned, **changes).save(tmp_path)
    with pytest.raises(InputError, match=message):
        AlignedVectors.load(tmp_path)


@pytest.mark.parametrize(
    "words", [[], {"source": ["in", "front", "dog"]}, {"source": 3, "target": []}, {"source": [1]}]
)
def test_a_list_of_words_that_is_none_is_refused(aligned: AlignedVectors, tmp_path, words) -> None:
    aligned.save(tmp_path)
    (tmp_path / "words.json").write_text(json.dumps(words), encoding="utf-8")
    with pytest.raises(InputError, match=r"words\.json: found something else, expected lists of words"):
        AlignedVectors.load(tmp_path)
