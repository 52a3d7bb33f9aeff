"""Is a short sentence in the language it should be in? Letters decide between scripts, commonest words within one.

Made for captions of ten words: a trained identifier is unsure on those, while nearly every one has a function word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from functools import cache

# Commonest words of languages in Latin letters. What English has too, in another sense (do, as, on, die), stands only
# where it says more than it misleads.
_FUNCTION_WORDS = {
    "en": "the a an of and is are with to at by from his her their its it he she they who which while there two this "
    "that for some be has was were you not have 's i my your we next three near behind under do does did as what when "
    "where how why if or but him them me us our so up out into over in on 't will can could would should than then",
    "de": "der die das ein eine einen einem einer eines und ist sind mit auf im am zu zum zur vom von dem den des "
    "neben hinter unter vor er sie es ihr ihre nicht ich wir hat haben wird zwei drei sich auch aus bei über für",
    "fr": "le la les un une des et est sont avec sur dans du au aux il elle ils qui que pour pas deux trois son "
    "ses près derrière sous devant je nous vous ce cette d' l' qu'",
    "es": "el la los las un una unos unas y es está están con en del al que por para su sus dos tres cerca "
    "detrás debajo lo se",
    "it": "il lo la gli le un una uno e è sono con su nel nella del della di che per due tre suo sua sotto",
    "nl": "de het een en zijn met op van naar bij uit dat twee drie niet ik hij zij naast achter voor",
    "pt": "o os um uma e é são com na da que para seu sua não dois duas perto atrás",
}
_LETTERS = {
    "de": "äöüß",
    "es": "ñ¿¡",
    "fr": "êëçœùîôàèé",
    "pt": "ãõ",
}
_SCRIPTS = {"zh": ("CJK",), "ja": ("HIRAGANA", "KATAKANA", "CJK"), "ru": ("CYRILLIC",), "el": ("GREEK",)}


def is_language(language: str, text: str, tokens: Sequence[str]) -> bool:
    """Whether nothing speaks against ``text`` (with its lowercase ``tokens``) being in ``language``.

    A language of which only the script is known is judged by its script, one of which nothing is known is accepted.
    """
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return False
    scripts = [_script(letter) for letter in letters]
    if language in _SCRIPTS:
        own = sum(script in _SCRIPTS[language] for script in scripts)
        kana = sum(script in ("HIRAGANA", "KATAKANA") for script in scripts)
        # A foreign name counts as one: 'Tom欠Mary三十元' is Chinese.
        foreign = sum(_script(token[0]) not in _SCRIPTS[language] for token in tokens if token[0].isalpha())
        # A Chinese sentence has no kana, a Japanese one can hardly do without.
        return own >= foreign and own > 0 and (kana == 0 if language == "zh" else kana > 0 or language != "ja")
    if language not in _FUNCTION_WORDS:
        return True
    if sum(script == "LATIN" for script in scripts) < 0.9 * len(letters):
        return False
    own = _evidence(language, tokens)
    strongest = max(_evidence(other, tokens) for other in _FUNCTION_WORDS if other != language)
    return own >= strongest or strongest < 2  # one word is no evidence: it may be a name


def _evidence(language: str, tokens: Collection[str]) -> int:
    """How many of ``tokens`` are function words of ``language`` or hold one of its own letters."""
    words, letters = _words(language), _LETTERS.get(language, "")
    return sum(token in words or any(letter in token for letter in letters) for token in tokens)


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset(_FUNCTION_WORDS[language].split())


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
