"""CC-CEDICT, the free Chinese–English dictionary, as English–Chinese word pairs.

A line is ``TRADITIONAL SIMPLIFIED [pin1 yin1] /gloss; gloss/gloss/``. Glosses explain rather than translate: those of
one word are taken, without what stands in brackets and without ``to``, ``a`` and ``the``; word vectors have no others.
"""

from __future__ import annotations

import re
from pathlib import Path

from crosscap.errors import InputError
from crosscap.text.lines import read_text_lines

_ENTRY = re.compile(r"(\S+) (\S+) \[[^\]]*\] /(.*)/")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_FIRST = re.compile(r"(?:to|an?|the) ")
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")


def read_cedict(path: str | Path, traditional: bool = False) -> list[tuple[str, str]]:
    """Pairs ``(English word, Chinese word)``, each once, in the file's order.

    Raises:
        InputError: no such file, not UTF-8, or a line of another layout.
    """
    pairs: dict[tuple[str, str], None] = {}
    for number, line in read_text_lines(path):
        if not line.strip() or line.startswith("#"):
            continue
        entry = _ENTRY.fullmatch(line.strip())
        if not entry:
            expected = "`TRADITIONAL SIMPLIFIED [pinyin] /gloss/`"
            raise InputError(path, repr(line[:60]), expected, record=number)
        for gloss in re.split("[/;]", _BRACKETS.sub("", entry[3]).lower()):
            word = _FIRST.sub("", gloss.strip(), count=1)
            if _WORD.fullmatch(word):
                pairs[word, entry[1 if traditional else 2]] = None
    return list(pairs)
