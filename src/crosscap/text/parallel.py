"""Readers of parallel text, one pair at a time. Broken records are quarantined, sides out of step stop the reading."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from crosscap.errors import InputError
from crosscap.text.captions import read_caption_file
from crosscap.text.lines import Decoder, Quarantined, read_lines


@dataclass(frozen=True)
class Pair:
    """A sentence in two languages. ``origin`` is the file it comes from."""

    id: str
    source: str
    target: str
    origin: str


def read_moses(source: str | Path, target: str | Path, quarantine: list[Quarantined]) -> Iterator[Pair]:
    """Two files, plain or gzip, in which lines of one number belong together.

    Raises:
        InputError: one file ends before the other (its name and the line are given), or is not UTF-8.
    """
    source, target = Path(source), Path(target)
    sides = (source, target)
    decoders = [Decoder(side, quarantine) for side in sides]
    for number, lines in enumerate(zip_longest(read_lines(source), read_lines(target)), 1):
        for line, side, other in zip(lines, sides, reversed(sides), strict=True):
            if line is None:
                raise InputError(
                    side,
                    f"the end of the file after {number - 1} lines",
                    f"a translation of line {number} of {other}",
                    "Both sides must have the same number of lines.",
                    number,
                )
        texts = [decoder.text(*line) for decoder, line in zip(decoders, lines, strict=True)]
        pair = _pair(f"{source.name}-{number:08d}", texts, source.name, number, quarantine)
        if pair:
            yield pair
    for decoder in decoders:
        decoder.check()


def read_tsv(path: str | Path, columns: Sequence[int], quarantine: list[Quarantined]) -> Iterator[Pair]:
    """Lines of tab-separated columns, such as Tatoeba's ``source<TAB>target<TAB>attribution``.

    Args:
        columns: numbers of the source's and of the target's column, counted from 1.

    Raises:
        InputError: the file is not UTF-8.
    """
    path = Path(path)
    decoder = Decoder(path, quarantine)
    for number, line in read_lines(path):
        text = decoder.text(number, line)
        if text is None:
            continue
        cells = text.split("\t")
        if len(cells) < max(columns):
            quarantine.append(Quarantined(path.name, number, f"{len(cells)} columns, {max(columns)} expected"))
            continue
        texts = [cells[column - 1] for column in columns]
        pair = _pair(f"{path.name}-{number:08d}", texts, path.name, number, quarantine)
        if pair:
            yield pair
    decoder.check()


def read_caption_pairs(
    source: str | Path, target: str | Path, images: Collection[str] | None, quarantine: list[Quarantined]
) -> Iterator[Pair]:
    """Two Flickr8k caption files, in which captions of one image and index belong together.

    Args:
        images: names (without suffix) of the images whose captions to take; None takes all.

    Raises:
        InputError: a file is not UTF-8.
    """
    source, target = Path(source), Path(target)
    translations = {
        (caption.image, caption.index): caption.text for caption in read_caption_file(target, images, quarantine)
    }
    for caption in read_caption_file(source, images, quarantine):
        translation = translations.get((caption.image, caption.index))
        key = f"{caption.image}#{caption.index}"
        if translation is None:
            quarantine.append(Quarantined(source.name, caption.line, f"no {key} in {target.name}"))
            continue
        texts = (caption.text, translation)
        pair = _pair(f"{source.name}-{key}", texts, source.name, caption.line, quarantine)
        if pair:
            yield pair


def _pair(
    key: str, texts: Sequence[str | None], origin: str, number: int, quarantine: list[Quarantined]
) -> Pair | None:
    """The pair of two texts, or None if one could not be read (already quarantined) or is empty."""
    source, target = texts
    if source is None or target is None:
        return None
    source, target = source.strip(), target.strip()
    for side, text in (("source", source), ("target", target)):
        if not text:
            quarantine.append(Quarantined(origin, number, f"empty {side} side"))
            return None
    return Pair(key, source, target, origin)
