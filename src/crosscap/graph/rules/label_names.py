"""Labels of annotated pictures in the form in which sentence graphs name things.

A detector says ``street lights``, ``parked``, ``sitting on``; the graph of a sentence says a ``light`` that is
``street``, ``parked``, ``sit on``. What follows is what `crosscap.graph.rules.sentence_graph` does, without a tree:
compound parts become attributes, nouns and verbs their lemmas, a passive with its agent turns round, participles that
describe stay as they are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from crosscap.graph.rules.label_words import (
    ARTICLES,
    AUXILIARIES,
    BASES,
    ENDS_OF_NAMES,
    LONGEST_PHRASE,
    NAMES_IN_ING,
    PHRASES,
    POSITIONED,
    PREPOSITIONS,
    SINGULAR_IN_S,
)
from crosscap.graph.rules.lemma_lists import IRREGULAR_VERBS
from crosscap.graph.rules.lemmas import noun_lemma, verb_lemma
from crosscap.graph.rules.word_lists import NEGATIONS, NUMERALS, PHRASAL_PREPOSITIONS

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
IN_PARENTHESES = re.compile(r"\([^()]*\)")  # "bat_(animal)", "Bicycle (sport)": which of two senses
POSSESSIVE = re.compile(r"['’]s?$")


class ObjectName(NamedTuple):
    """The noun of a label, and its other words: ``street light`` → ``light``, ``("street",)``."""

    name: str
    attributes: tuple[str, ...] = ()


class PredicateName(NamedTuple):
    """A predicate; ``reversed`` where subject and object change places: ``worn by`` → ``wear``."""

    name: str
    reversed: bool = False


def object_name(label: str) -> ObjectName:
    """``men`` → man; ``Traffic_lights`` → light, traffic; ``leg of a chair`` → leg; ``t-shirts`` → t-shirt."""
    words = [word for word in _words(label) if word not in ARTICLES and word != "and"]
    end = next((at for at, word in enumerate(words) if at and word in ENDS_OF_NAMES), len(words))
    words = [word for at, word in enumerate(words[:end]) if at == end - 1 or not POSSESSIVE.search(word)]
    if not words:
        return ObjectName(_as_it_is(label))
    *parts, noun = (_noun(POSSESSIVE.sub("", word)) for word in words)
    return ObjectName(noun, tuple(dict.fromkeys(NUMERALS.get(part, part) for part in parts)))


def attribute_names(label: str) -> tuple[str, ...]:
    """``standing`` → stand; ``parked`` as it is; ``black and white`` → two; ``turned off`` → turned."""
    words = [POSSESSIVE.sub("", word) for word in _words(label) if word not in ARTICLES | AUXILIARIES]
    if len(words) > 1 and words[-1] in PREPOSITIONS and words[0] not in NEGATIONS:
        words.pop()
    if len(words) > 1 and any(word in PREPOSITIONS or word in NEGATIONS for word in words):
        return (" ".join(words),)  # a relation to something unnamed ("on the side"), or what is not so
    *before, last = words or [""]
    kept = [word for word in before if word not in ("and", "very") and not word.endswith("ly")]
    names = (NUMERALS.get(word, word) for word in [*kept, _state(last)] if word)
    return tuple(dict.fromkeys(names)) or (_as_it_is(label),)


def predicate_name(label: str) -> PredicateName:
    """``wearing a`` → wear; ``sitting in front of`` → sit in front of; ``covered by`` → cover, reversed."""
    words = _words(label)
    while len(words) > 1 and (words[0] in AUXILIARIES or words[:2] in (["has", "been"], ["have", "been"])):
        words = words[1:]
    while len(words) > 1 and words[-1] in ARTICLES:
        words.pop()
    for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        phrase = PHRASES.get(" ".join(words[-length:]))
        if phrase:
            return PredicateName(_verb_phrase(words[:-length], phrase))
    if len(words) == 2 and words[1] == "by" and words[0] not in POSITIONED and _is_participle(words[0]):
        return PredicateName(_verb(words[0]), reversed=True)
    return PredicateName(_verb_phrase(words, "") or _as_it_is(label))


def _words(label: str) -> list[str]:
    lowered = label.lower()
    return WORD.findall(IN_PARENTHESES.sub(" ", lowered)) or WORD.findall(lowered)


def _as_it_is(label: str) -> str:
    return " ".join(label.lower().split()) or "_"


def _noun(word: str) -> str:
    stem, dash, last = word.rpartition("-")
    return word if last in SINGULAR_IN_S else stem + dash + noun_lemma(last)


def _state(word: str) -> str:
    """What someone does is a lemma, as in the graph of "a man is standing"."""
    return word if word in NAMES_IN_ING or not word.endswith("ing") else verb_lemma(word)


def _verb_phrase(words: list[str], preposition: str) -> str:
    """The verb's lemma, what stands between, and the preposition."""
    parts = [_verb(word) if at == 0 else word for at, word in enumerate(words) if at == 0 or word not in ARTICLES]
    return " ".join([*parts, preposition] if preposition else parts)


def _verb(word: str) -> str:
    if word in BASES or word in PREPOSITIONS or word in PHRASAL_PREPOSITIONS:
        return word
    return verb_lemma(word)


def _is_participle(word: str) -> bool:
    return word not in PREPOSITIONS and (word in IRREGULAR_VERBS or word.endswith(("ed", "en"))) and _verb(word) != word
