from __future__ import annotations

from pathlib import Path

import pytest
import torch

from crosscap.translation.translator import Translator
from tests.translation.conftest import CHINESE, ENGLISH


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


@pytest.mark.parametrize("released", ["released_marian", "released_fsmt"])
def test_answers_do_not_depend_on_the_sentences_beside(released: str, request: pytest.FixtureRequest) -> None:
    translator = Translator.load(request.getfixturevalue(released), batch_pieces=64)
    texts = [ENGLISH[0], "a dog", ENGLISH[5], "near the red house", ENGLISH[9], "a red dog near a dog"]
    seeds = list(range(6))
    for ask in (
        lambda places: translator.translate([texts[p] for p in places]),
        lambda places: translator.translate([texts[p] for p in places], beams=2),
        lambda places: translator.best([texts[p] for p in places], 3, 2),
        lambda places: translator.sample([texts[p] for p in places], [seeds[p] for p in places], 1.0, 8),
        lambda places: translator.log_probability([texts[p] for p in places], [texts[-p] for p in places]),
    ):
        together = ask(range(6))
        assert [ask([place])[0] for place in range(6)] == together
        assert ask([5, 2, 4, 0]) == [together[place] for place in (5, 2, 4, 0)]


def test_logits_are_the_same_bits_whatever_stands_in_the_batch(released_marian: Path) -> None:
    torch.set_num_threads(1)
    translator = Translator.load(released_marian, batch_pieces=512)
    pairs = list(zip(ENGLISH, CHINESE, strict=True))

    def bits(chosen: list[int]) -> dict[int, float]:
        values = translator.log_probability([pairs[n][0] for n in chosen], [pairs[n][1] for n in chosen])
        return dict(zip(chosen, values, strict=True))

    whole = bits(list(range(60)))
    for chosen in (list(range(59, -1, -1)), list(range(7, 40)), [17]):
        assert bits(chosen) == {number: whole[number] for number in chosen}


def test_a_sample_depends_on_its_seed(released_marian: Path) -> None:
    translator = Translator.load(released_marian)
    texts = ENGLISH[:4]
    together = translator.sample(texts, [1, 2, 3, 4], temperature=1.0, top_k=8)
    assert translator.sample(texts[2:3], [9], temperature=1.0, top_k=8) != together[2:3]
    assert translator.sample(texts, [1, 2, 3, 4], temperature=1.0, top_k=1) == translator.translate(texts)


def test_hypotheses_come_best_first(released_marian: Path) -> None:
    translator = Translator.load(released_marian)
    hypotheses = translator.best(ENGLISH[:5], beams=4, count=3)
    assert [one[0] for one in hypotheses] == translator.translate(ENGLISH[:5], beams=4)
    assert all(len(one) == 3 for one in hypotheses)


@pytest.mark.parametrize("released", ["released_marian", "released_fsmt"])
def test_log_probability_is_the_mean_over_the_pieces_that_the_model_gives(released: str, request) -> None:
    translator = Translator.load(request.getfixturevalue(released))
    text, translation = ("a red dog .", "a dog .") if released == "released_marian" else ("a dog .", ".")
    source, target = translator._pieces([text])[0], translator._pieces([translation], target=True)[0]
    assert target[-1] == translator.model.config.eos_token_id
    expected, ids = 0.0, [translator.model.config.decoder_start_token_id]
    for piece in target:
        with torch.inference_mode():
            # With its cache on, FSMT reads the last piece alone.
            logits = translator.model(
                torch.tensor([source]), decoder_input_ids=torch.tensor([ids]), use_cache=False
            ).logits
        expected += logits[0, -1].log_softmax(0)[piece].item()
        ids.append(piece)
    assert translator.log_probability([text, text], [translation, text])[0] == pytest.approx(
        expected / len(target), abs=1e-5
    )


def test_a_text_of_more_pieces_than_positions_is_cut_and_told(released_fsmt: Path) -> None:
    translator = Translator.load(released_fsmt)
    assert translator.longest == 62
    long = "dog " * 61
    assert translator.too_long([long, long + "dog", "dog"]) == [False, True, False]
    assert translator.translate([long + "dog dog"]) == translator.translate([long + "dog"])
    assert translator.too_long([]) == []


def test_fsmt_reads_byte_pairs_and_writes_the_other_vocabulary(released_fsmt: Path) -> None:
    translator = Translator.load(released_fsmt)
    assert translator.tokenizer.tokenize("a dog.") == ["a</w>", "dog</w>", ".</w>"]
    assert translator._pieces(["a dog"])[0][-1] == 2
    assert translator.tokenizer.decode([5, 6, 7, 4, 8, 2], skip_special_tokens=True) == "ein roter Hund."


def test_a_sentence_that_never_ends_is_cut_at_twice_its_length(released_marian: Path, monkeypatch) -> None:
    translator = Translator.load(released_marian)
    end = translator.model.config.eos_token_id
    translator.model.final_logits_bias[0, end] = -1e9
    made: list[torch.Tensor] = []
    monkeypatch.setattr(translator.tokenizer, "batch_decode", lambda ids, **_: made.append(ids) or [""] * len(ids))
    translator.translate(["a dog", ENGLISH[0]])
    for text, ids in zip(["a dog", ENGLISH[0]], [batch[0] for batch in made], strict=True):
        # The start, then the pieces up to the limit, then only the end.
        limit = 2 * len(translator.tokenizer(text)["input_ids"]) + 8
        assert end not in ids[:limit]
        assert ids[limit] == end


def test_no_text_gives_no_translation(released_marian: Path) -> None:
    assert Translator.load(released_marian).translate([]) == []
