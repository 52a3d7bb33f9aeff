from __future__ import annotations

import pytest

from crosscap.text.language_evidence import is_language
from crosscap.text.tokenizers import tokenizer


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Two dogs play on the beach."),
        ("en", "What do you usually do after dinner?"),
        ("en", "You look as healthy as ever."),
        ("de", "Ein alter Mann trägt einen Hut."),
        ("de", "Zwei Hunde spielen am Strand."),
        ("zh", "两只狗在海滩上玩。"),
        ("zh", "Tom欠Mary三十元。"),
        ("sv", "Två hundar leker på stranden."),
    ],
)
def test_a_sentence_in_its_own_language_is_accepted(language, text):
    assert is_language(language, text, tokenizer(language).tokenize(text))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Ein alter Mann trägt einen Hut."),
        ("en", "Deux chiens jouent sur la plage."),
        ("en", "两只狗在海滩上玩。"),
        ("de", "Two dogs play on the beach."),
        ("zh", "Two dogs play on the beach."),
        ("zh", "犬が海辺で遊んでいる。"),
        ("zh", "Двое мужчин."),
        ("en", "..."),
    ],
)
def test_a_sentence_in_another_language_is_refused(language, text):
    assert not is_language(language, text, tokenizer(language).tokenize(text))
