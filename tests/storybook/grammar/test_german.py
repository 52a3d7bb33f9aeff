"""German captions: gender, case, verb position."""

from __future__ import annotations

import pytest

from crosscap.storybook.content import Content, Detail, Entity, Statement
from crosscap.storybook.grammar import german
from tests.storybook.told import contents, does, sayings

ARTICLES = {"ein", "eine", "einen", "einem", "einer", "zwei", "der", "die", "das", "den", "dem", "im", "am", "vom"}


@pytest.mark.parametrize(
    ("sense", "accusative", "dative"),
    [
        ("hat", "einen roten Hut", "einem roten Hut"),
        ("jacket", "eine rote Jacke", "einer roten Jacke"),
        ("dress", "ein rotes Kleid", "einem roten Kleid"),
    ],
)
def test_endings_follow_gender_and_case(sense: str, accusative: str, dative: str) -> None:
    worn = Entity(sense, ("red",))
    assert any(accusative in text for text in sayings(german.tell, does(Entity("woman"), "wear", worn)))
    near = sayings(german.tell, does(Entity("dog"), "under", worn))
    assert all(f"unter {dative}" in text for text in near)


def test_weak_nouns_change_in_the_accusative() -> None:
    said = sayings(german.tell, does(Entity("woman"), "hug", Entity("boy")))
    assert any("umarmt einen Jungen" in text for text in said)
    assert not any("einen Junge " in f"{text} " for text in said)


def test_the_verb_is_second_in_main_clauses_and_last_in_relative_ones() -> None:
    content = does(Entity("man"), "ride", Entity("horse"), Detail("on", Entity("beach")))
    said = sayings(german.tell, content, 200)
    assert said == {
        "ein Mann reitet am Strand auf einem Pferd",
        "am Strand reitet ein Mann auf einem Pferd",
        "ein Mann, der am Strand auf einem Pferd reitet",
        "es gibt einen Mann, der am Strand auf einem Pferd reitet",
    }


def test_separable_verbs_part_in_main_clauses_and_join_in_relative_ones() -> None:
    said = sayings(german.tell, does(Entity("girl"), "look at", Entity("cow")), 200)
    assert "ein Mädchen sieht eine Kuh an" in said
    assert "ein Mädchen, das eine Kuh ansieht" in said


def test_the_verb_depends_on_subject_and_object() -> None:
    assert any("isst" in text for text in sayings(german.tell, does(Entity("man"), "eat", Entity("apple"))))
    assert any("frisst" in text for text in sayings(german.tell, does(Entity("horse"), "eat", Entity("apple"))))
    assert any("mit einem Bus" in text for text in sayings(german.tell, does(Entity("man"), "ride", Entity("bus"))))
    assert "ein Junge lässt einen Drachen steigen" in sayings(
        german.tell, does(Entity("boy"), "play with", Entity("kite"))
    )


def test_plural_subjects_take_plural_verbs_and_endings() -> None:
    content = Content(Statement((Entity("dog", ("brown",), 2),), "chase", Entity("cat")))
    said = sayings(german.tell, content, 200)
    assert "zwei braune Hunde jagen eine Katze" in said
    assert "zwei braune Hunde, die eine Katze jagen" in said


def test_every_sentence_is_clean_text() -> None:
    for content, random in contents(800):
        said = german.tell(content, random, period=True)
        assert "  " not in said and " ," not in said and ",," not in said and said.endswith(".")
        assert ARTICLES & set(said.lower().replace(",", "").split())
