"""Chinese words that a segmenter left in one piece with their neighbours: 湖里, 一棵树, 小狗, 弹钢琴.

A dictionary without such a word still knows its head. To cut wherever the letters allow would also make a chair of a
bench (长椅) and an elephant of an object (对象), so a head of one letter may only have neighbours of closed classes.
"""

from __future__ import annotations

import re
from collections.abc import Container

LOCALIZERS = frozenset("上下里中内外旁")  # "on", "under", "in": behind a noun
QUALITIES = frozenset("大小白黑红黄蓝绿灰")  # before a noun, without 的
# A numeral, with or without the measure word of what is counted.
COUNT = re.compile("[一二两三四五六七八九十几半]+.?")


def parts(word: str, known: Container[str]) -> list[str]:
    """What the word is made of, as ``["一棵", "树"]``; empty where that cannot be told.

    That is: neighbours, a head, and at most one localizer. The head is the longest end of the word that is ``known``
    after neighbours that are closed-class words; or, of two letters at least, after any known word.
    """
    if len(word) > 2 and word[-1] in LOCALIZERS and (inner := parts(word[:-1], known)):
        return [*inner, word[-1]]
    if word[-1:] in LOCALIZERS and word[:-1] in known:
        return [word[:-1], word[-1]]
    for at in range(1, len(word)):
        before, head = word[:at], word[at:]
        closed = before in QUALITIES or COUNT.fullmatch(before)
        if head in known and (closed or (len(head) > 1 and before in known)):
            return [before, head]
    return []
