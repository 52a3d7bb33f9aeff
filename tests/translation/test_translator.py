from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from crosscap.config.translator import TranslatorTraining
from crosscap.errors import InputError
from crosscap.translation.pieces import train_tokenizer
from crosscap.translation.training import new_model
from crosscap.translation.translator import Translator
from tests.translation.conftest import CHINESE, ENGLISH, save_as_released


@pytest.fixture
def released_marian(tmp_path: Path, settings: TranslatorTraining) -> Path:
    """The files of a released OPUS-MT folder with random weights."""
    torch.manual_seed(1)
    tokenizer = train_tokenizer(
        tmp_path / "pieces", ENGLISH, CHINESE, ("en", "zh"), settings.pieces, settings.longest_piece
    )
    folder = tmp_path / "opus-mt-en-zh"
    save_as_released(new_model(tokenizer, settings), folder)
    tokenizer.save_pretrained(folder)
    expected = {"config.json", "generation_config.json", "pytorch_model.bin", "source.spm", "target.spm", "vocab.json",
                "tokenizer_config.json"}  # fmt: skip
    assert expected <= {path.name for path in folder.iterdir()}
    return folder


@pytest.mark.parametrize("released", ["released_marian", "released_fsmt"])
def test_a_released_folder_loads_and_is_saved_in_the_form_that_training_saves(released, request, tmp_path) -> None:
    folder = request.getfixturevalue(released)
    translator = Translator.load(folder)
    texts = ["a red dog .", "a dog is in the house .", "dog"]
    answers = translator.translate(texts)
    assert len(answers) == 3

    translator.save(tmp_path / "saved")
    assert (tmp_path / "saved" / "model.safetensors").is_file()
    again = Translator.load(tmp_path / "saved")
    assert again.translate(texts) == answers
    # The replicas' weights are random, so answers prove little: compare what the models compute.
    ids = torch.tensor([[4, 5, 6, 2]])
    with torch.inference_mode():
        first, second = (t.model(input_ids=ids, decoder_input_ids=ids[:, :2]).logits for t in (translator, again))
    assert torch.allclose(first, second, atol=1e-6)


def test_translations_do_not_depend_on_order_or_batch(released_marian: Path) -> None:
    texts = [ENGLISH[0], "a dog", ENGLISH[5], "near the red house", ENGLISH[9]]
    alone = [Translator.load(released_marian).translate([text])[0] for text in texts]
    assert Translator.load(released_marian, batch_sentences=2).translate(texts[::-1]) == alone[::-1]
    assert Translator.load(released_marian).translate(texts, beams=2) == [
        Translator.load(released_marian).translate([text], beams=2)[0] for text in texts
    ]


def test_a_sample_depends_on_its_seed_alone(released_marian: Path) -> None:
    translator = Translator.load(released_marian, batch_sentences=3)
    texts = ENGLISH[:4]
    together = translator.sample(texts, [1, 2, 3, 4], temperature=1.0, top_k=8)
    assert translator.sample(texts, [1, 2, 3, 4], temperature=1.0, top_k=8) == together
    assert translator.sample(texts[2:3], [3], temperature=1.0, top_k=8) == together[2:3]
    assert translator.sample(texts[2:3], [9], temperature=1.0, top_k=8) != together[2:3]
    assert translator.sample(texts, [1, 2, 3, 4], temperature=1.0, top_k=1) == translator.translate(texts)


def test_a_sentence_that_never_ends_is_cut_at_twice_its_length(released_marian: Path, monkeypatch) -> None:
    translator = Translator.load(released_marian)
    end = translator.model.config.eos_token_id
    translator.model.final_logits_bias[0, end] = -1e9
    made: list[torch.Tensor] = []
    monkeypatch.setattr(translator.tokenizer, "batch_decode", lambda ids, **_: made.append(ids) or [""] * len(ids))
    translator.translate(["a dog", ENGLISH[0]])
    for text, ids in zip(["a dog", ENGLISH[0]], made[0], strict=True):
        # The start, then the pieces up to the limit, then only the end.
        limit = 2 * len(translator.tokenizer(text)["input_ids"]) + 8
        assert end not in ids[:limit]
        assert ids[limit] == end


def test_no_text_gives_no_translation(released_marian: Path) -> None:
    assert Translator.load(released_marian).translate([]) == []


def test_a_missing_folder_is_named_and_nothing_is_downloaded(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no-such: found .* expected a folder of a Marian or FSMT model"):
        Translator.load(tmp_path / "no-such")


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(InputError, match="found a model of type 'bert', expected one of marian, fsmt"):
        Translator.load(tmp_path)


def test_weights_that_do_not_fill_the_model_are_refused(released_marian: Path) -> None:
    state = torch.load(released_marian / "pytorch_model.bin", weights_only=True)
    lost = {key: value for key, value in state.items() if "decoder.layers.0.fc1" not in key}
    torch.save(lost, released_marian / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"found no weights for model\.decoder\.layers\.0\.fc1"):
        Translator.load(released_marian)


def test_a_broken_weight_file_is_named(released_marian: Path) -> None:
    (released_marian / "pytorch_model.bin").write_bytes(b"no weights")
    with pytest.raises(InputError, match="opus-mt-en-zh: found "):
        Translator.load(released_marian)
