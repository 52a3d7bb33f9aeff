from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.translation.pieces import train_tokenizer
from tests.translation.conftest import CHINESE, ENGLISH


def test_the_vocabulary_is_laid_out_as_marians_and_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        train_tokenizer(tmp_path / name, ENGLISH, CHINESE, ("en", "zh"), 60, 4)
    for file in ("source.spm", "target.spm", "vocab.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    tokenizer = train_tokenizer(tmp_path / "a", ENGLISH, CHINESE, ("en", "zh"), 60, 4)
    assert tokenizer.convert_ids_to_tokens([0, 1, len(tokenizer) - 1]) == ["</s>", "<unk>", "<pad>"]
    assert tokenizer.decode(tokenizer(text_target=CHINESE[7])["input_ids"], skip_special_tokens=True) == CHINESE[7]


def test_pieces_of_a_language_without_spaces_are_no_phrases(tmp_path: Path) -> None:
    tokenizer = train_tokenizer(tmp_path, ENGLISH, CHINESE, ("en", "zh"), 60, 2)
    chinese = [piece for piece in tokenizer.encoder if not piece.isascii() and not piece.startswith(("▁", "<"))]
    assert max(map(len, chinese)) == 2
    assert max(map(len, tokenizer.encoder)) > 4


def test_fewer_pieces_than_characters_is_an_error_that_counts_them(tmp_path: Path) -> None:
    characters = "".join(chr(0x4E00 + number) for number in range(100))
    with pytest.raises(InputError) as error:
        train_tokenizer(tmp_path, ENGLISH, [characters] * 4, ("en", "zh"), 60, 4)
    found = "params.yaml, key translator.train.pieces: found 60 pieces, expected more than 10"
    assert str(error.value).startswith(found)
    assert error.value.remedy.startswith("Set 20")
