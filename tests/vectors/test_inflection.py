from __future__ import annotations

import pytest

from crosscap.vectors.inflection import inflections


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("ride", {"rides", "riding"}),
        ("wear", {"wears", "wearing"}),
        ("hug", {"hugs", "hugged", "hugging"}),
        ("carry", {"carries", "carried", "carrying"}),
        ("play", {"plays", "played", "playing"}),
        ("catch", {"catches", "catching"}),
        ("dog", {"dogs"}),
    ],
)
def test_a_lemma_has_its_regular_forms(lemma: str, forms: set[str]) -> None:
    assert forms <= set(inflections(lemma))


def test_what_is_no_word_has_no_forms() -> None:
    assert inflections("a") == inflections("42") == inflections("狗") == ()
