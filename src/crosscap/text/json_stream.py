"""JSON that is too large for memory, read piece by piece: a window of the text is held."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.text.encodings import broken_byte
from crosscap.text.source_file import SourceFile

MAX_ELEMENT = 1 << 24  # characters; a larger element is no record of a caption, a sentence or a picture
_LONGEST_WORD = 16  # characters of a number, an escape or `true` that the window's end may cut


def iterate_array(file: SourceFile) -> Iterator[tuple[int, Any]]:
    """The elements of a file that is one JSON array, each with the line that it starts on.

    Raises:
        InputError: no UTF-8, no array, broken JSON, or an element of more than `MAX_ELEMENT` characters.
    """
    stream = JsonStream(file.path, file.blocks)
    yield from stream.elements()
    stream.end()


class JsonStream:
    """One JSON value that is read from its start on: as `value`, or its parts as `elements` or `members`.

    Every method raises `InputError` for what is no UTF-8, no JSON, or another value than the one asked for.
    """

    def __init__(self, path: Path, blocks: Callable[[Callable[[], int]], Iterator[bytes]]) -> None:
        """``blocks`` gives the file's bytes and takes a function that tells the line to name in an error."""
        self._path, self.line, self._text, self._at = path, 1, "", 0
        self._blocks = blocks(lambda: self.line)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._json = json.JSONDecoder()

    def elements(self) -> Iterator[tuple[int, Any]]:
        """The elements of the array that begins here, each with the line that it starts on."""
        self._expect("[", "a JSON array")
        if self.next() == "]":
            self._at += 1
            return
        while True:
            self.next()
            yield self.line, self.value()
            if self.next() == "]":
                self._at += 1
                return
            self._expect(",", "a JSON array")

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; whoever asks reads each value before the next key."""
        self._expect("{", "a JSON object")
        if self.next() == "}":
            self._at += 1
            return
        while True:
            self.next()
            key = self.value()
            if not isinstance(key, str):
                raise self._error(repr(key)[:40], "a key of a JSON object")
            self._expect(":", "a JSON object")
            self.next()
            yield key
            if self.next() == "}":
                self._at += 1
                return
            self._expect(",", "a JSON object")

    def value(self) -> Any:
        """The whole value that begins here."""
        self.next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                unfinished = error.msg.startswith("Unterminated string") or error.pos > len(self._text) - _LONGEST_WORD
                if not unfinished:
                    self.line += self._text.count("\n", self._at, error.pos)
                    raise self._error(error.msg, "valid JSON") from None
            except (RecursionError, ValueError) as error:
                raise self._error(str(error), "one record") from None
            else:
                # A value that ends with the window may go on behind it, as numbers do.
                if end < len(self._text) or self._text[end - 1] in "]}":
                    self.line += self._text.count("\n", self._at, end)
                    self._at = end
                    return value
            if len(self._text) - self._at > MAX_ELEMENT:
                raise self._error(f"more than {MAX_ELEMENT} characters", "one record")
            if not self._more():
                raise self._error("the end of the file", "the end of the JSON value")

    def next(self) -> str:
        """The next character that is no white space, which stays to be read; at the end of the file an error."""
        character = self._peek()
        if not character:
            raise self._error("the end of the file", "the end of the JSON value")
        return character

    def end(self) -> None:
        """Refuse anything but white space up to the end of the file."""
        if self._peek():
            raise self._error(repr(self._text[self._at : self._at + 40]), "the end of the file")

    def _peek(self) -> str:
        while True:
            while self._at < len(self._text):
                character = self._text[self._at]
                if character not in " \t\r\n":
                    return character
                self.line += character == "\n"
                self._at += 1
            if not self._more():
                return ""

    def _expect(self, character: str, of: str) -> None:
        if self.next() != character:
            raise self._error(repr(self._text[self._at : self._at + 40]), f"{of}'s {character!r}")
        self._at += 1

    def _more(self) -> bool:
        block = next(self._blocks, b"")
        try:
            self._text = self._text[self._at :] + self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise self._error(broken_byte(error), "UTF-8 text") from None
        self._at = 0
        return bool(block)

    def _error(self, found: str, expected: str) -> InputError:
        return InputError(self._path, found, expected, record=self.line)
