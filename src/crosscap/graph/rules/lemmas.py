"""English lemmas by spelling: the name of a word in a graph must not depend on which parser read it.

A lemmatizer trained on a treebank guesses on verbs it never saw ("swimming" → "swimm"). English inflection is
regular but for closed lists, so nouns and verbs are undone by rule here; every other class keeps the parser's lemma.
"""

from __future__ import annotations

import re

from crosscap.graph.rules.lemma_lists import (
    BASES_IN_LL,
    DOUBLED_BASES,
    ENDS_IN_E,
    ENDS_WITHOUT_E,
    IRREGULAR_NOUNS,
    IRREGULAR_VERBS,
    NOUNS_IN_CHE,
    NOUNS_IN_IE,
    NOUNS_IN_IS,
    NOUNS_IN_OE,
    NOUNS_IN_S,
    NOUNS_IN_USE,
    PLURAL_ONLY,
)
from crosscap.syntax.tree import Word

VOWELS = "aeiou"
SYLLABLE = re.compile(r"[aeiouy]+")
PLURAL_TAGS = frozenset(("NNS", "NNPS"))
VERB_TAGS = frozenset(("VBD", "VBG", "VBN", "VBZ"))
# Endings of stems of more than one syllable that are never whole words: decorat-e, recogniz-e, captur-e, decid-e …
LONG_STEMS_IN_E = re.compile(
    r"([^aeo]at|ut|[^aeiou][aiou]d|[^aeiou][iu]r|[^aeo]ar|[^aeiou]in|[^aeiou]ib|[iu]m|ak|[^aeiou]il|[^aeiou]ul|nam)$"
)


def lemma_of(word: Word) -> str:
    """The lowercase lemma of ``word``: by spelling for nouns and verbs, else its own ``lemma``, else its form."""
    form = " ".join(word.form.lower().split()) or "_"
    given = " ".join(word.lemma.lower().split()) if word.lemma not in ("", "_") else form
    if not form.isalpha() or not form.isascii():
        return given
    if word.upos in ("VERB", "AUX") and (word.xpos in VERB_TAGS or (word.xpos == "_" and given != form)):
        return IRREGULAR_VERBS.get(form) or (verb_lemma(form) if word.upos == "VERB" else given)
    if word.upos == "NOUN":
        plural = word.xpos in PLURAL_TAGS or "Number=Plur" in word.feats
        if form == "glasses" and given == "glass":
            return given  # on a table, not on a nose: the parser saw the sentence
        if plural or (given != form and form.endswith("s")):
            return noun_lemma(form)
        return form if word.xpos == "NN" else given
    return given


def noun_lemma(form: str) -> str:
    """The singular of a plural noun: "leaves" → "leaf"."""
    if form in IRREGULAR_NOUNS:
        return IRREGULAR_NOUNS[form]
    if (
        len(form) < 3
        or form in PLURAL_ONLY
        or not form.endswith("s")
        or form.endswith(("ss", "us"))
        or form in NOUNS_IN_IS
    ):
        return form[:-3] + "man" if form.endswith("men") and len(form) > 4 else form
    for ending, base in (("xes", "x"), ("shes", "sh"), ("sses", "ss"), ("zzes", "zz")):
        if form.endswith(ending):
            return form[: -len(ending)] + base
    if form.endswith("ches"):
        return form[:-1] if form in NOUNS_IN_CHE else form[:-2]
    if form.endswith("ies"):
        return form[:-1] if form in NOUNS_IN_IE or len(form) == 4 else form[:-3] + "y"
    if form.endswith("oes"):
        return form[:-1] if form.endswith("shoes") or form in NOUNS_IN_OE else form[:-2]
    if form in NOUNS_IN_S or (form.endswith("uses") and len(form) > 5 and not form.endswith(NOUNS_IN_USE)):
        return form[:-2]
    return form[:-1]


def verb_lemma(form: str) -> str:
    """The base of an inflected verb: "swimming" → "swim", "tied" → "tie", "rides" → "ride"."""
    if form in IRREGULAR_VERBS:
        return IRREGULAR_VERBS[form]
    if form.endswith("ing") and SYLLABLE.search(form[:-3]):
        stem = form[:-3]
        if stem.endswith("y") and len(stem) == 2:
            return stem[:-1] + "ie"  # lying, tying
        return _base(stem)
    if form.endswith("ied"):
        return form[:-1] if len(form) == 4 else form[:-3] + "y"
    if form.endswith(("eed", "oed")) and len(form) > 4:
        return form[:-1]
    if form.endswith("ed") and SYLLABLE.search(form[:-2]):
        return _base(form[:-2])
    if form.endswith("ies"):
        return form[:-1] if len(form) == 4 else form[:-3] + "y"
    if form.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")) and form not in ("toes", "aches", "axes"):
        return form[:-2]
    if form.endswith("s") and not form.endswith("ss") and len(form) > 2:
        return form[:-1]
    return form


def _base(stem: str) -> str:
    """The verb whose ``stem`` is left without -ing or -ed: undo the doubled consonant, or give the silent e back."""
    if stem in ENDS_IN_E:
        return stem + "e"
    if stem in ENDS_WITHOUT_E or len(stem) < 3:
        return stem
    last, before = stem[-1], stem[-2]
    if last == before and last not in VOWELS:
        if last == "l" and len(SYLLABLE.findall(stem)) > 1:
            return stem if stem.endswith(BASES_IN_LL) and not stem.endswith("troll") else stem[:-1]
        return stem if stem in DOUBLED_BASES or last in "lsfz" else stem[:-1]
    if last in "cvuzs" or stem.endswith(("iat", "uat", "ced", "quir", "squar")):
        return stem + "e"
    if last == "g":
        return stem if before == "n" or (before == "o") else stem + "e"
    if last == "l" and before not in VOWELS + "rwy":
        return stem + "e"
    syllables = len(SYLLABLE.findall(stem))
    if last not in VOWELS + "wxy" and before in VOWELS + "y" and (len(stem) < 3 or stem[-3] not in VOWELS):
        if syllables == 1:
            return stem + "e"  # a short stem would have doubled its consonant: hop-ped, hop-e-d
        if LONG_STEMS_IN_E.search(stem):
            return stem + "e"
    return stem
