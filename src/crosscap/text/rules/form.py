"""Rules on the characters of a sentence: broken text and brackets."""

from __future__ import annotations

import re
import unicodedata

from crosscap.text.rules.candidate import Candidate, EachSide, Rule, Sentence, Setting

_MARKUP = re.compile(
    r"</?[a-z][^<>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});|https?://|www\.|\{\{|\}\}|\[\[|\]\]", re.IGNORECASE
)
_MARKUP_SIGNS = ("<", "&", "://", "ww.", "WW.", "{{", "}}", "[[", "]]")  # no markup without one of them
# UTF-8 once read as Latin-1 or Windows-1252 leaves these beginnings; U+FFFD and runs of ? are lost letters.
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï¿½|ï»¿|\ufffd|\\?{3,}").search
# Chinese text mixes brackets of both widths, even in one pair.
_CLOSING = dict(zip("([{（［｛【〔", ")]})]}】〕", strict=True))
_ONE_WIDTH = str.maketrans("）］｝", ")]}")
_BRACKETS = re.compile(r"[()\[\]{}（）［］｛｝【】〔〕]").findall


def clean(setting: Setting) -> EachSide:
    """Drops pairs with control characters, markup, web addresses or mojibake on either side."""
    return EachSide(dict.fromkeys(("source", "target"), _is_clean))


def brackets(setting: Setting) -> Rule:
    """Drops pairs in which a bracket lacks its partner, or one side has more bracketed parts than the other."""

    def keep(pair: Candidate) -> bool:
        source, target = _BRACKETS(pair.source.text), _BRACKETS(pair.target.text)
        return not (source or target) or (len(source) == len(target) and _is_nested(source) and _is_nested(target))

    return keep


def _is_clean(sentence: Sentence) -> bool:
    text = sentence.text
    # Printable text has no control characters; the rest is looked at one by one: a no-break space is no fault.
    if not text.isprintable() and any(unicodedata.category(sign) in ("Cc", "Co", "Cs", "Cn") for sign in text):
        return False
    if any(map(text.__contains__, _MARKUP_SIGNS)) and _MARKUP.search(text):
        return False
    return "???" not in text if text.isascii() else not (_MOJIBAKE(text) or _is_misread(text))


def _is_misread(text: str) -> bool:
    """Whether the whole text is UTF-8 that somebody read as Latin-1 or Windows-1252."""
    for encoding in ("latin-1", "cp1252"):
        try:
            text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return True
    return False


def _is_nested(signs: list[str]) -> bool:
    awaited: list[str] = []
    for sign in signs:
        if sign in _CLOSING:
            awaited.append(_CLOSING[sign])
        elif not awaited or awaited.pop() != sign.translate(_ONE_WIDTH):
            return False
    return not awaited
