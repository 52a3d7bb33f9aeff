"""Is a short sentence in the language it should be in? Letters decide between scripts, commonest words within one.

Made for captions of ten words: a trained identifier is unsure on those, while nearly every one has a function word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

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
_LETTERS = {"de": "äöüß", "es": "ñ¿¡", "fr": "êëçœùîôàèé", "pt": "ãõ"}
# The first word of the Unicode names of a language's letters.
_LATIN = "ca cs da de en es et fi fr ga hr hu id is it lt lv ms nl no pl pt ro sk sl sv tr vi"
SCRIPTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_LATIN.split(), ("LATIN",)),
    **dict.fromkeys(("be", "bg", "mk", "ru", "uk"), ("CYRILLIC",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("ARABIC",)),
    **dict.fromkeys(("hi", "mr", "ne"), ("DEVANAGARI",)),
    **dict.fromkeys(("as", "bn"), ("BENGALI",)),
    "zh": ("CJK",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "ko": ("HANGUL",),
    "el": ("GREEK",),
    "he": ("HEBREW",),
    "gu": ("GUJARATI",),
    "kn": ("KANNADA",),
    "km": ("KHMER",),
    "lo": ("LAO",),
    "ml": ("MALAYALAM",),
    "mni": ("MEETEI", "BENGALI"),
    "my": ("MYANMAR",),
    "or": ("ORIYA",),
    "pa": ("GURMUKHI",),
    "ta": ("TAMIL",),
    "te": ("TELUGU",),
    "th": ("THAI",),
}
_NO_LETTERS = bytes(sign for sign in range(128) if not chr(sign).isalpha())
_BEYOND_ASCII = re.compile("[^\x00-\x7f]").findall
_BITS = 16  # of each language's count in the packed counts of `_evidence`
_PLACES = {language: _BITS * number for number, language in enumerate(_FUNCTION_WORDS)}
_MOST = (1 << _BITS) - 1


def is_language(language: str, text: str, tokens: Sequence[str]) -> bool:
    """Whether nothing speaks against ``text`` (with its lowercase ``tokens``) being in ``language``.

    A language of which only the script is known is judged by its script, one of which nothing is known is accepted.
    """
    if language in _FUNCTION_WORDS:
        return script_share(language, text) >= 0.9 and _has_its_words(language, tokens)
    latin, others = _scripts(text)
    if not (latin or others) or language not in SCRIPTS:
        return bool(latin or others)
    wanted = SCRIPTS[language]
    own = latin * ("LATIN" in wanted) + sum(script in wanted for script in others)
    # A foreign name counts as one: 'Tom欠Mary三十元' is Chinese.
    foreign = sum(_script(token[0]) not in wanted for token in tokens if token[0].isalpha())
    if own < foreign or own == 0:
        return False
    # A Chinese sentence has no kana, a Japanese one can hardly do without.
    kana = "HIRAGANA" in others or "KATAKANA" in others
    return kana if language == "ja" else not (kana and language == "zh")


def script_share(language: str, text: str) -> float:
    """Share of the letters of ``text`` that are in a script of ``language``, 0 without letters.

    Raises:
        KeyError: the language's script is not known (`SCRIPTS`).
    """
    wanted = SCRIPTS[language]
    latin, others = _scripts(text)
    own = latin * ("LATIN" in wanted) + sum(script in wanted for script in others)
    return own / (latin + len(others) or 1)


def _has_its_words(language: str, tokens: Sequence[str]) -> bool:
    counts = sum(map(_evidence, tokens[:_MOST]))
    place = _PLACES[language]
    own = counts >> place & _MOST
    others = counts ^ own << place
    strongest = max(others >> place & _MOST for place in _PLACES.values()) if others else 0
    return own >= strongest or strongest < 2  # one word is no evidence: it may be a name


@lru_cache(maxsize=1 << 16)
def _evidence(token: str) -> int:
    """The languages of which ``token`` is a function word or has one of the own letters: a 1 at their `_PLACES`."""
    return sum(
        1 << place
        for language, place in _PLACES.items()
        if token in _words(language) or any(letter in token for letter in _LETTERS.get(language, ""))
    )


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset(_FUNCTION_WORDS[language].split())


def _scripts(text: str) -> tuple[int, list[str]]:
    """How many letters are ASCII, and the script of each of the others."""
    latin = len(text.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    return latin, [] if text.isascii() else [_script(sign) for sign in _BEYOND_ASCII(text) if sign.isalpha()]


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
