"""The storybook's bilingual word lists: every English word with its possible translations."""

from __future__ import annotations

from collections.abc import Iterator

from crosscap.storybook.affordances import AFFORDANCES
from crosscap.storybook.grammar import chinese_lexicon, english_lexicon, german_lexicon
from crosscap.storybook.grammar.english_lexicon import plural
from crosscap.storybook.inventory import ATTRIBUTES
from crosscap.text.tokenizers import tokenizer

_FUNCTION_WORDS = ("a", "an", "the", "some", "and", "while", "who", "that", "there", "is", "are", "being", "by", "with",
                   "at", "against")  # fmt: skip
_CHINESE_WORDS = {"and": ("和",), "two": ("两", "两个", "两只"), "with": ("和", "跟"), "there": ("有",),
                  "while": ("，",), "by": ("被",)}  # fmt: skip
_GERMAN_WORDS = {"and": ("und",), "two": ("zwei",), "with": ("mit",), "there": ("gibt",), "while": ("während",),
                 "by": ("von",), "who": ("der", "die", "das"), "is": ("ist",), "are": ("sind",)}  # fmt: skip


def word_pairs(target: str) -> list[tuple[str, str]]:
    """Pairs ``(English word form, word of the target language)``, lowercase, each once and in a fixed order."""
    pairs = _chinese() if target == "zh" else _german()
    lowercase = dict.fromkeys((source, word.lower()) for source, word in pairs)
    if target == "zh":
        cut = tokenizer("zh").tokenize
        return [(source, word) for source, word in lowercase if word != "，" and len(cut(word)) == 1]
    return list(lowercase)


def english_words() -> list[str]:
    """Every form of the storybook's English lexicon."""
    forms: dict[str, None] = {}
    for names in english_lexicon.NOUNS.values():
        forms.update(dict.fromkeys(form for name in names for form in (name, plural(name))))
    forms.update(dict.fromkeys(ATTRIBUTES))
    for lemma in english_lexicon.VERBS:
        forms.update(dict.fromkeys(_verb_forms(lemma)))
    for phrase in sorted(english_lexicon.SPATIAL_ONLY):
        forms.update(dict.fromkeys(phrase.split()))
    forms.update(dict.fromkeys((*english_lexicon.NUMERALS.values(), *_FUNCTION_WORDS)))
    return list(forms)


def _verb_forms(lemma: str) -> tuple[str, ...]:
    verb = english_lexicon.VERBS[lemma]
    return verb.lemma, verb.third, verb.present_participle, verb.past_participle


def _actions() -> Iterator[tuple[str, str, str, str]]:
    """Every use of a verb: English verb, predicate, subject and object."""
    for use in AFFORDANCES:
        if use.predicate in english_lexicon.SPATIAL_ONLY:
            continue
        for spelling in english_lexicon.PREDICATES.get(use.predicate, (use.predicate,)):
            for other in use.objects:
                yield spelling.split()[0], use.predicate, use.subjects[0], other
    for worn in ("hat", "shirt", "jacket", "dress", "scarf", "glasses.eyewear"):
        yield "wear", "wear", "man", worn
    yield "swim", "swim in", "man", "lake"


def _chinese() -> Iterator[tuple[str, str]]:
    for sense, names in english_lexicon.NOUNS.items():
        for name in names:
            for word in chinese_lexicon.NOUNS[sense][1]:
                yield name, word
                yield plural(name), word
    for attribute in ATTRIBUTES:
        for word in chinese_lexicon.ATTRIBUTES[attribute]:
            yield attribute, word
    for english, predicate, _, other in _actions():
        verbs: tuple[str, ...] = ()
        if predicate in chinese_lexicon.POSTURES:
            verbs = chinese_lexicon.POSTURES[predicate]
            verbs += tuple(verb + "在" for verb in verbs)
        elif predicate == "swim in":
            verbs = ("游泳",)
        elif chinese_lexicon.together(predicate, other):
            verbs = ("玩",)
        else:
            verbs = chinese_lexicon.verbs(predicate, other)
            verbs += tuple(verb + "着" for verb in verbs)
        for form in _verb_forms(english):
            for verb in verbs:
                yield form, verb
    for preposition, words in chinese_lexicon.LOCALIZERS.items():
        if " " not in preposition:
            for word in words:
                yield preposition, word
    for english, words in _CHINESE_WORDS.items():
        for word in words:
            yield english, word


def _german() -> Iterator[tuple[str, str]]:
    for sense, names in english_lexicon.NOUNS.items():
        nouns = [german_lexicon.NOUNS[sense]]
        if sense in german_lexicon.SYNONYMS:
            nouns.append(german_lexicon.SYNONYMS[sense])
        for name in names:
            for noun in nouns:
                yield name, noun.singular
                yield name, noun.oblique
                yield plural(name), noun.plural
                yield plural(name), noun.form(german_lexicon.DATIVE, True)
    for attribute in ATTRIBUTES:
        stem = german_lexicon.ADJECTIVES[attribute]
        for ending in ("e", "er", "en", "es", "em"):
            yield attribute, stem + ending
    for english, predicate, subject, other in _actions():
        for verb in german_lexicon.verbs(predicate, subject, other):
            for form in _verb_forms(english):
                yield form, verb.singular
                yield form, verb.plural
    for preposition, phrase in german_lexicon.PREPOSITIONS.items():
        if " " not in preposition + phrase:
            yield preposition, phrase
    yield "in", "im"
    yield "on", "am"
    for english, words in _GERMAN_WORDS.items():
        for word in words:
            yield english, word
