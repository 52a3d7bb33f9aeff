"""β_C of captions: their constituency tree beside that of their translation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscap.syntax.constituency.coincidence import CHINESE_TO_PENN, tree_coincidence
from crosscap.syntax.constituency.parser import load_constituency_parser

Words = tuple[str, ...]


def tree_coincidences(
    captions: Sequence[tuple[Words, Words]], target_parser: Path, source_parser: Path, target: str
) -> list[float | None]:
    """β_C (CROSS2STRA, section 5) of each caption and its translation, times 100; None where either has no tree.

    The paper compares the pivot caption, in English, that its system writes on the way. UNISON writes none: ours is
    the caption's back-translation, so a translator's own habits are in the number.

    Args:
        captions: words of a caption as its parser was trained on them, and those of its translation.
        target_parser, source_parser: folders of the parsers.
        target: ISO 639-1 code of the captions; Chinese labels count as their English ones.

    Raises:
        InputError: a parser is missing or broken.
    """
    sides = []
    for side, parser in enumerate((target_parser, source_parser)):
        different = sorted({caption[side] for caption in captions if caption[side]})
        trees = load_constituency_parser(parser).parse(different) if different else ()
        sides.append(dict(zip(different, trees, strict=True)))
    equal = CHINESE_TO_PENN if target == "zh" else None
    values: list[float | None] = []
    for words, english in captions:
        mine, theirs = sides[0].get(words), sides[1].get(english)
        both = mine is not None and theirs is not None
        values.append(round(100 * tree_coincidence(mine, theirs, equal), 4) if both else None)
    return values
