"""Is a short sentence in the language it should be in? Letters decide between scripts, commonest words within one.

Made for captions of ten words: a trained identifier is unsure on those, while nearly every one has a function word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from functools import cache

# Function words of languages written in Latin letters that stand for no word of the others in this list.
_FUNCTION_WORDS = {
    "en": "the a an of and is are with to at by from his her their its it he she they who which while there two "
    "this that for some be has was were you not have s 's i my your we next three near behind under",
    "de": "der die das ein eine einen einem einer eines und ist sind mit auf im am zu zum zur vom von dem den des "
    "neben hinter unter vor er sie es ihr ihre nicht ich wir hat haben wird zwei drei sich auch aus bei über für",
    "fr": "le la les un une des et est sont avec sur dans du au aux il elle ils qui que pour pas deux trois son sa "
    "ses près derrière sous devant je nous vous ce cette d' l' qu'",
    "es": "el la los las un una unos unas y es está están con en del al que por para su sus no dos tres cerca "
    "detrás debajo lo se",
    "it": "il lo la gli le un una uno e è sono con su nel nella del della di che per non due tre suo sua sotto",
    "nl": "de het een en is zijn met op van naar bij uit die dat twee drie niet ik hij zij naast achter onder voor",
    "pt": "o os as um uma e é são com em no na do da que por para seu sua não dois duas perto atrás",
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
        # A Chinese sentence has no kana, a Japanese one can hardly do without.
        return own >= 0.6 * len(letters) and (kana == 0 if language == "zh" else kana > 0 or language != "ja")
    if language not in _FUNCTION_WORDS:
        return True
    if sum(script == "LATIN" for script in scripts) < 0.9 * len(letters):
        return False
    own = _evidence(language, tokens)
    return own >= max(_evidence(other, tokens) for other in _FUNCTION_WORDS if other != language)


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
