from __future__ import annotations

from pathlib import Path

import pytest
import torch

from crosscap.config.translator import TranslatorTraining
from crosscap.errors import InputError
from crosscap.translation.training import batches_of_epoch, train_marian
from crosscap.translation.translator import Translator
from tests.training.killing import Killed, killed_at_checkpoint
from tests.translation.conftest import CHINESE, ENGLISH


def weights(translator: Translator) -> dict[str, torch.Tensor]:
    return translator.model.state_dict()


def test_training_twice_gives_the_same_weights_and_learns(settings: TranslatorTraining, tmp_path: Path) -> None:
    longer = settings.model_copy(update={"epochs": 60, "model_size": 32, "dropout": 0.0})
    first = train_marian(ENGLISH, CHINESE, ("en", "zh"), longer, tmp_path / "a")
    second = train_marian(ENGLISH, CHINESE, ("en", "zh"), longer, tmp_path / "b")
    assert all(torch.equal(value, weights(second)[key]) for key, value in weights(first).items())

    first.save(tmp_path / "saved")
    translations = Translator.load(tmp_path / "saved").translate(ENGLISH)
    assert sum(one == other for one, other in zip(translations, CHINESE, strict=True)) >= 50


def test_a_killed_training_ends_with_the_same_weights(settings, tmp_path: Path) -> None:
    whole = train_marian(ENGLISH, CHINESE, ("en", "zh"), settings, tmp_path / "whole")

    with killed_at_checkpoint(5), pytest.raises(Killed):
        train_marian(ENGLISH, CHINESE, ("en", "zh"), settings, tmp_path / "killed")
    resumed = train_marian(ENGLISH, CHINESE, ("en", "zh"), settings, tmp_path / "killed")
    assert all(torch.equal(value, weights(resumed)[key]) for key, value in weights(whole).items())


def test_an_epoch_holds_every_pair_once_in_an_order_of_its_own(settings) -> None:
    pairs = [([1] * (n % 5 + 1), [1] * (n % 7 + 1)) for n in range(50)]
    first, again, second = (batches_of_epoch(pairs, settings, epoch) for epoch in (0, 0, 1))
    assert sorted(place for batch in first for place in batch) == list(range(50))
    assert first == again
    assert first != second
    assert len(first) == len(second) == 4


def test_pieces_that_cannot_be_trained_are_named(settings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"params\.yaml, key translator\.train\.pieces: found 60 pieces"):
        train_marian([""], [""], ("en", "zh"), settings, tmp_path)
