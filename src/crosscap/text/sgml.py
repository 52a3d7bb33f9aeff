"""Pairs from the SGML of WMT's test sets: a source file and a reference file of documents and segments.

    <srcset setid="newstest2019" srclang="en"> <doc docid="a.1"> <p> <seg id="1">A dog &amp; a cat.</seg> </p> </doc> …

It is no XML (`&` may stand alone, tags in either case), so it is read by its tags.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from crosscap.errors import InputError
from crosscap.text.lines import MAX_LINE
from crosscap.text.parallel import Pair, kept_halves
from crosscap.text.source_file import SourceFile

_TAG = re.compile(r"<(/?)(doc|seg|srcset|refset|tstset)\b([^<>]*)>", re.IGNORECASE)
_ID = re.compile(r"""\b(?:doc)?id\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


@dataclass(frozen=True)
class Segment:
    """``place``: the ids of the document and the segment. ``text`` is None where it could not be read."""

    line: int
    place: tuple[str, str]
    text: str | None


def read_sgml(source: SourceFile, target: SourceFile) -> Iterator[Pair]:
    """Two files of the same segments in the same order; the number in an id counts the segments.

    Raises:
        InputError: a file is no SGML of WMT or not UTF-8, or the sides differ in their documents or segments.
    """
    for left, right in zip_longest(read_segments(source), read_segments(target)):
        if left is None or right is None or left.place != right.place:
            raise _out_of_step(source, target, left, right)
        source.read += 1
        target.read += 1
        if left.text is None or right.text is None:
            broken, other = (source, target) if left.text is None else (target, source)
            broken.set_aside((left if left.text is None else right).line, "no UTF-8, or too long")
            other.set_aside_by_partner("broken segment")
        elif pair := kept_halves(source, target, left.line, left.text, right.text):
            yield pair._replace(id=f"{source.name}-{source.read:08d}")
    source.finish()
    target.finish()


def read_segments(file: SourceFile) -> Iterator[Segment]:
    """The segments of one file, in its order.

    Raises:
        InputError: text that is no SGML of WMT, or ends inside a segment.
    """
    file.unit = "segments"
    segment = _OpenSegment()
    document, is_sgml = "", False
    for number, line in enumerate(file.lines(), 1):
        text = file.decoded(number, line)
        readable = text is not None and len(line) <= MAX_LINE
        text = line[:MAX_LINE].decode("utf-8", "replace") if text is None else text[:MAX_LINE]
        end = 0
        for tag in _TAG.finditer(text):
            segment.add(text[end : tag.start()], readable)
            closing, name, end = bool(tag[1]), tag[2].lower(), tag.end()
            is_sgml = is_sgml or name != "seg"
            if name == "doc":
                document = _id(tag[3])
            if name == "seg" and not closing:
                if segment.line:
                    raise _unclosed(file, segment.line, number)
                segment = _OpenSegment(number, (document, _id(tag[3])))
            elif segment.line:
                if name != "seg":
                    raise _unclosed(file, segment.line, number)
                yield segment.closed()
                segment = _OpenSegment()
        segment.add(text[end:] + " ", readable)
        if not is_sgml and text.strip() and not text.lstrip().startswith("<"):
            raise InputError(file.path, repr(text[:60]), "WMT's SGML: <srcset> or <refset>", record=number)
    if segment.line:
        raise _unclosed(file, segment.line, number)


class _OpenSegment:
    def __init__(self, line: int = 0, place: tuple[str, str] = ("", "")) -> None:
        """``line`` 0: there is none."""
        self.line, self._place = line, place
        self._text, self._length, self._readable = list[str](), 0, True

    def add(self, text: str, readable: bool) -> None:
        if self.line:
            self._length += len(text)
            self._readable = self._readable and readable and self._length <= MAX_LINE
            if self._readable:
                self._text.append(text)

    def closed(self) -> Segment:
        text = " ".join(html.unescape("".join(self._text)).split())
        return Segment(self.line, self._place, text if self._readable else None)


def _id(attributes: str) -> str:
    found = _ID.search(attributes)
    return "".join(part or "" for part in found.groups()) if found else ""


def _unclosed(file: SourceFile, start: int, number: int) -> InputError:
    return InputError(file.path, f"a <seg> that is open since line {start}", "its </seg>", record=number)


def _out_of_step(source: SourceFile, target: SourceFile, left: Segment | None, right: Segment | None) -> InputError:
    short, other, segment = (source, target, right) if left is None else (target, source, left)
    assert segment is not None, "one side goes on"
    document, number = segment.place
    found = "the end of the file" if left is None or right is None else f"document and segment {right.place}"
    line = right.line if left is not None and right is not None else None
    expected = f"segment {number!r} of document {document!r}, which is at line {segment.line} of {other.path}"
    return InputError(short.path, found, expected, "Both sides must have the same segments.", line)
