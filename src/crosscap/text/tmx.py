"""Pairs from TMX, the exchange format of translation memories: parsed as a stream, hostile XML refused.

    <tmx version="1.4"> … <tu> <tuv xml:lang="en-US"><seg>A <bpt i="1">&lt;b&gt;</bpt>dog.</seg></tuv>
                               <tuv xml:lang="zh-CN"><seg>一只狗。</seg></tuv> </tu>

Inline tags that hold another program's codes (bpt, ept, it, ph, ut) go with their content, ``hi`` is unwrapped.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from xml.parsers import expat

from crosscap.errors import InputError
from crosscap.text.encodings import broken_byte, conversion, probable_encoding
from crosscap.text.lines import MAX_LINE
from crosscap.text.parallel import Pair, kept_pair
from crosscap.text.source_file import SourceFile

MAX_DEPTH = 64  # elements inside each other; TMX needs some 10
MAX_TOKEN = 1 << 24  # bytes of one tag or comment
_CODES = ("bpt", "ept", "it", "ph", "ut")
_TOO_LONG: list[tuple[str, str]] = []  # stands for the variants of a unit that is longer than any line may be
_REASON = f"too long: more than {MAX_LINE} characters"


def read_tmx(file: SourceFile, languages: Sequence[str]) -> Iterator[Pair]:
    """One pair a translation unit; the number in its id counts the units.

    Args:
        languages: codes of the source and the target. ``zh`` stands for every ``zh-…``, the first of a unit;
            ``zh-TW`` for that one alone.

    Raises:
        InputError: no whole, well-formed XML in UTF-8, no TMX, or one that declares entities or nests without end.
    """
    file.unit = "translation units"
    for line, texts in _Units(file):
        file.read += 1
        sides = [_of_language(texts, language) for language in languages]
        missing = next((code for code, side in zip(languages, sides, strict=True) if side is None), None)
        if missing is not None:
            found = ", ".join(code for code, _ in texts)
            reason = f"no text of the language: {missing}, but {found}"[:200] if texts is not _TOO_LONG else _REASON
            file.set_aside(line, reason, " | ".join(text for _, text in texts))
        elif pair := kept_pair(file, line, sides[0] or "", sides[1] or "", f"{file.read:08d}"):
            yield pair
    file.finish()


def _of_language(texts: Sequence[tuple[str, str]], language: str) -> str | None:
    wanted = language.lower().replace("_", "-")
    for code, text in texts:
        code = code.lower().replace("_", "-")
        if code == wanted or code.startswith(f"{wanted}-"):
            return text
    return None


class _Units:
    """Iterates over the units of a TMX file: the line of each and its ``(language, text)`` variants."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._path: list[str] = []
        self._finished: list[tuple[int, list[tuple[str, str]]]] = []
        self._unit: list[tuple[str, str]] = []
        self._line, self._language, self._codes, self._length = 0, "", 0, 0
        self._text: list[str] = []
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.XmlDeclHandler = self._declaration
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._named_character
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def __iter__(self) -> Iterator[tuple[int, list[tuple[str, str]]]]:
        given = 0
        for block in self._file.blocks(lambda: self._parser.CurrentLineNumber):
            given += len(block)
            self._parse(block, False)
            if given - self._parser.CurrentByteIndex > MAX_TOKEN:
                raise self._error(f"a tag of more than {MAX_TOKEN} bytes", "TMX")
            yield from self._finished
            self._finished.clear()
        self._parse(b"", True)
        yield from self._finished

    def _parse(self, block: bytes, final: bool) -> None:
        try:
            self._parser.Parse(block, final)
        except expat.ExpatError as error:
            found = expat.ErrorString(error.code)
            try:
                block[:-4].decode()
            except UnicodeDecodeError as broken:
                if broken.start >= 4:  # else a character that the block before began
                    remedy = conversion(self._file.path, probable_encoding(block))
                    raise InputError(self._file.path, broken_byte(broken), "UTF-8 text", remedy, error.lineno) from None
            remedy = "Fetch it again, or mend it, such as with `xmllint --recover`."
            raise InputError(self._file.path, found, "well-formed, whole XML", remedy, error.lineno) from None

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise self._error(f"XML in {encoding}", "UTF-8", "Convert it with iconv and mend its first line.")

    def _entity(self, name: str, *_: object) -> None:
        raise self._error(f"a declaration of the entity {name!r}", "XML without own entities", "It may be an attack.")

    def _named_character(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._characters(html.unescape(f"&{name};"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        if len(self._path) > MAX_DEPTH:
            raise self._error(f"more than {MAX_DEPTH} elements inside each other", "TMX")
        if len(self._path) == 1 and tag != "tmx":
            raise self._error(f"XML of <{tag[:40]}>", "TMX")
        if tag == "tu":
            self._unit, self._length, self._line = [], 0, self._parser.CurrentLineNumber
        elif tag == "tuv":
            self._language = attributes.get("xml:lang") or attributes.get("lang") or ""
        elif tag == "seg":
            self._text, self._codes = [], 0
            self._length += 1
        elif tag in _CODES:
            self._codes += 1

    def _end(self, tag: str) -> None:
        self._path.pop()
        if tag == "tu":
            self._finished.append((self._line, self._unit if self._length <= MAX_LINE else _TOO_LONG))
        elif tag == "seg" and self._length <= MAX_LINE:
            self._unit.append((self._language, "".join(self._text)))
        elif tag in _CODES:
            self._codes -= 1

    def _characters(self, text: str) -> None:
        if "seg" in self._path:
            self._length += len(text)
            if not self._codes and self._length <= MAX_LINE:
                self._text.append(text)

    def _error(self, found: str, expected: str, remedy: str = "") -> InputError:
        return InputError(self._file.path, found, expected, remedy, self._parser.CurrentLineNumber)
