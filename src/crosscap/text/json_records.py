"""Pairs from JSON lines, and the elements of a JSON array that is too large for memory."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Sequence
from typing import Any

from crosscap.errors import InputError
from crosscap.text.encodings import broken_byte
from crosscap.text.parallel import Pair, kept_pair
from crosscap.text.source_file import SourceFile

MAX_ELEMENT = 1 << 24  # characters; a larger element is no record of a caption or a sentence
_LONGEST_WORD = 16  # characters of a number, an escape or `true` that the window's end may cut
_ERRORS = (json.JSONDecodeError, RecursionError, ValueError)  # ValueError: an integer of more than 4300 digits


def read_json_lines(file: SourceFile, keys: Sequence[str]) -> Iterator[Pair]:
    """One object a line, such as translation2019zh's ``{"english": "A dog.", "chinese": "一只狗。"}``.

    Args:
        keys: of the source's and of the target's text; ``translation.en`` is a key inside a key.

    Raises:
        InputError: the file is not UTF-8, or most lines are no such objects.
    """
    for number, line in enumerate(file.lines(), 1):
        file.read += 1
        text = file.text(number, line)
        if text is None:
            continue
        try:
            record = json.loads(text)
        except _ERRORS:
            written = bool(text.strip())
            file.set_aside(number, "no JSON" if written else "empty line", text, malformed=written)
            continue
        values = [_value(record, key) for key in keys]
        missing = next((key for key, value in zip(keys, values, strict=True) if not isinstance(value, str)), None)
        if missing is not None:
            file.set_aside(number, f"no text of the key: {missing}", text, malformed=True)
        elif pair := kept_pair(file, number, *values):
            yield pair
    file.finish()


def _value(record: Any, key: str) -> Any:
    for part in (key,) if isinstance(record, dict) and key in record else key.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record


def iterate_array(file: SourceFile) -> Iterator[tuple[int, Any]]:
    """The elements of a file that is one JSON array, each with the line that it starts on.

    Raises:
        InputError: no UTF-8, no array, broken JSON, or an element of more than `MAX_ELEMENT` characters.
    """
    array = _Array(file)
    array.expect("[")
    if array.next() == "]":
        return
    while True:
        array.next()
        yield array.line, array.element()
        if array.next() == "]":
            return
        array.expect(",")


class _Array:
    """The text of one JSON array, of which a window is held: from the next element on, in pieces as they are needed."""

    def __init__(self, file: SourceFile) -> None:
        self._file, self.line, self._text, self._at = file, 1, "", 0
        self._blocks = file.blocks(lambda: self.line)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._json = json.JSONDecoder()

    def next(self) -> str:
        """The next character that is no white space; at the end of the file an error."""
        while True:
            while self._at < len(self._text):
                character = self._text[self._at]
                if character not in " \t\r\n":
                    return character
                self.line += character == "\n"
                self._at += 1
            if not self._more():
                raise self._error("the end of the file", "the end of the JSON array")

    def expect(self, character: str) -> None:
        if self.next() != character:
            raise self._error(repr(self._text[self._at : self._at + 40]), f"a JSON array's {character!r}")
        self._at += 1

    def element(self) -> Any:
        """The value that begins here."""
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
                if end < len(self._text):
                    self.line += self._text.count("\n", self._at, end)
                    self._at = end
                    return value
            if len(self._text) - self._at > MAX_ELEMENT:
                raise self._error(f"more than {MAX_ELEMENT} characters", "one record")
            if not self._more():
                raise self._error("the end of the file", "the end of a JSON array")

    def _more(self) -> bool:
        block = next(self._blocks, b"")
        try:
            self._text = self._text[self._at :] + self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise self._error(broken_byte(error), "UTF-8 text") from None
        self._at = 0
        return bool(block)

    def _error(self, found: str, expected: str) -> InputError:
        return InputError(self._file.path, found, expected, record=self.line)
