"""A rule on numbers: what one side says in digits, the other should say too, in digits or in words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from crosscap.text.rules.candidate import Candidate, Rule, Sentence, Setting

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*").findall
# From zero to twelve; a language that is not here has its numbers compared in digits alone.
_NAMES = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "it": "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "pt": "zero um dois três quatro cinco seis sete oito nove dez onze doze",
}
_OTHER_NAMES = {"a": 1, "an": 1, "ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "une": 1, "una": 1, "uma": 1}
_DIGIT_SIGNS = {**{sign: value for value, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_SIGNS = re.compile(f"[{''.join((*_DIGIT_SIGNS, *_UNITS, *_MYRIADS))}]+").findall
_LONGEST = 20  # signs of a number in Chinese characters; longer runs are no number


def numbers(setting: Setting) -> Rule:
    """Drops pairs with more than ``max`` numbers in digits that the other side does not have, in digits or words.

    Numbers are compared by their digits without separators and without the zeros at either end, so that 1,000 equals
    1.000, 03 equals 3, and 5 million equals 500万; numbers in words alone need no counterpart.
    """
    most, source, target = setting.parameters.numbers.max, setting.source, setting.target

    def keep(pair: Candidate) -> bool:
        left, right = _in_digits(pair.source.text), _in_digits(pair.target.text)
        if left == right:
            return True
        # Counters subtract to what is left over: first against digits, then against words.
        lone = ((left - right) - _in_words(target, pair.target)).total()
        return lone + ((right - left) - _in_words(source, pair.source)).total() <= most

    return keep


def _in_digits(text: str) -> Counter[str]:
    return Counter(map(_significant, _DIGITS(text)))


def _in_words(language: str, sentence: Sentence) -> Counter[str]:
    if language in ("zh", "ja"):
        return Counter(str(value).strip("0") or "0" for run in _SIGNS(sentence.text) for value in _values(run))
    names = {name: value for value, name in enumerate(_NAMES.get(language, "").split())} | _OTHER_NAMES
    return Counter(str(names[word]).strip("0") or "0" for word in sentence.words if word in names)


def _significant(number: str) -> str:
    digits = "".join(str(unicodedata.decimal(sign)) for sign in number if sign not in ".,")
    return digits.strip("0") or "0"


def _values(run: str) -> Iterator[int]:
    """The number that a run of Chinese numerals says: ``三十五`` is 35; a run without units is read by digits."""
    if len(run) > _LONGEST:
        return
    if not any(sign in _UNITS or sign in _MYRIADS for sign in run):
        yield int("".join(str(_DIGIT_SIGNS[sign]) for sign in run))
        return
    total = section = digit = 0
    for sign in run:
        if sign in _DIGIT_SIGNS:
            digit = _DIGIT_SIGNS[sign]
        elif sign in _UNITS:
            section += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            total += (section + digit or 1) * _MYRIADS[sign]
            section = digit = 0
    yield total + section + digit
