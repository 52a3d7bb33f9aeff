"""Lemmas by spelling; the right ones are known to anyone who reads English."""

from __future__ import annotations

import pytest

from crosscap.graph.rules.lemmas import lemma_of, noun_lemma, verb_lemma
from crosscap.syntax.tree import Word

VERBS = """
    ride rides riding rode ridden, swim swimming swam, sit sitting sat, hop hopping hopped, hope hoping hoped,
    smile smiling smiled, lean leaning leaned, hang hanging hung, change changing changed, tie tying tied ties,
    lie lying, carry carries carried carrying, play plays played, watch watches watched, dress dresses dressed,
    leave leaves leaving left, chase chasing, cross crossing, roll rolling, control controlled, travel travelling,
    decorate decorated, combine combining, open opened, visit visiting, cover covered, capture captured, paste pasted,
    juggle juggling, glue glued, use using used, see seeing saw seen, ski skiing skis, pitch pitching, bathe bathing,
    skate skating, skateboard skateboarding, share sharing, star starring, steer steering, write writing wrote,
    put putting, bat batting, bite biting, free freed, feed feeding fed, lay laying laid, dance dancing, buzz buzzing
"""
NOUNS = """
    man men, fireman firemen, woman women, child children, leaf leaves, glove gloves, wave waves, shelf shelves,
    knife knives, berry berries, movie movies, tie ties, box boxes, bench benches, headache headaches, bus buses,
    house houses, horse horses, vase vases, lens lenses, tomato tomatoes, shoe shoes, horseshoe horseshoes,
    potato potatoes, ski skis, foot feet, mouse mice, sheep sheep, people people, pants pants, scissors scissors,
    tennis tennis, grass grass, cactus cacti, bush bushes, toothbrush toothbrushes, fox foxes, key keys, axe axes
"""


def pairs(text: str) -> list[tuple[str, str]]:
    return [(form, words[0]) for words in (part.split() for part in text.split(",")) for form in words[1:]]


@pytest.mark.parametrize(("form", "lemma"), pairs(VERBS))
def test_verbs_are_undone(form: str, lemma: str) -> None:
    assert verb_lemma(form) == lemma


@pytest.mark.parametrize(("form", "lemma"), pairs(NOUNS))
def test_plurals_are_undone(form: str, lemma: str) -> None:
    assert noun_lemma(form) == lemma


@pytest.mark.parametrize(
    ("form", "given", "upos", "xpos", "lemma"),
    [
        ("Swimming", "swimm", "VERB", "VBG", "swim"),
        ("running", "running", "NOUN", "NN", "running"),
        ("grass", "gras", "NOUN", "NN", "grass"),
        ("glasses", "glass", "NOUN", "NNS", "glass"),
        ("glasses", "glasse", "NOUN", "NNS", "glasses"),
        ("bigger", "big", "ADJ", "JJR", "big"),
        ("is", "be", "AUX", "VBZ", "be"),
        ("T-Shirts", "t-shirt", "NOUN", "NNS", "t-shirt"),
        ("犬", "_", "NOUN", "NN", "犬"),
        ("_", "_", "NOUN", "NNS", "_"),
    ],
)
def test_what_spelling_does_not_know_is_the_parsers(form: str, given: str, upos: str, xpos: str, lemma: str) -> None:
    assert lemma_of(Word(form, given, upos, xpos, "_", 0, "root")) == lemma
