from __future__ import annotations

from pathlib import Path

from crosscap.evaluation.structure import back_translations
from crosscap.text.tokenizers import tokenizer
from crosscap.translation.translator import Translator
from tests.translation.conftest import CHINESE


def test_captions_come_back_as_words_of_the_translators_english(released_marian: Path) -> None:
    texts = [*CHINESE[:3], "", CHINESE[0], " "]
    english = back_translations(texts, released_marian, "en", beams=2, batch_pieces=100)
    said = Translator.load(released_marian).translate(CHINESE[:3], beams=2)
    assert {text: list(words) for text, words in english.items()} == {
        **{text: tokenizer("en").tokenize(one) for text, one in zip(CHINESE[:3], said, strict=True)},
        "": [],
        " ": [],
    }
    assert len({tuple(words) for words in english.values()}) > 1


def test_without_captions_no_model_is_loaded() -> None:
    assert back_translations(["", " "], Path("no such folder"), "en", 2, 100) == {"": (), " ": ()}
