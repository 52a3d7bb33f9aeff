"""A file of records that is being read: what was read, kept and set aside, and the sum of its bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crosscap.errors import InputError
from crosscap.text.encodings import broken_byte, conversion, probable_encoding
from crosscap.text.lines import MAX_LINE, read_lines, read_text_blocks

SHOWN = 200  # characters of a record that its quarantine keeps
TRIAL = 50  # malformed records from which on a file with more of them than others is no file of its format


@dataclass(frozen=True)
class Quarantined:
    """A record that was left out. ``line`` counts from 1; ``reason`` is a sort and, after a colon, its details."""

    file: str
    line: int
    reason: str
    text: str = ""


class SourceFile:
    """Counts for one file: ``read`` = ``kept`` + ``quarantined`` + ``unselected`` (records that were not asked for).

    Where two files are read side by side a record counts in both, and is set aside in the one that it is broken in.
    """

    def __init__(self, path: str | Path, sink: Callable[[Quarantined], None], name: str = "") -> None:
        """``sink`` takes what is set aside; ``name`` stands for the file in ids, without one its own name does."""
        self.path, self.name = Path(path), name or Path(path).name
        self.unit = "lines"
        self.read = self.kept = self.quarantined = self.unselected = 0
        self.reasons: Counter[str] = Counter()
        self._sink, self._digest = sink, hashlib.sha256()
        self._malformed = self._broken = self._readable = 0
        self._first_aside = self._first_broken = (0, "")
        self._sample, self._problem = b"", ""

    @property
    def sha256(self) -> str:
        """Of the file's bytes, compressed as they are; true once it was read to its end."""
        return self._digest.hexdigest()

    def lines(self) -> Iterator[bytes]:
        """See `read_lines`."""
        return read_lines(self.path, self._digest)

    def blocks(self, place: Callable[[], int]) -> Iterator[bytes]:
        """See `read_text_blocks`."""
        return read_text_blocks(self.path, self._digest, place)

    def text(self, number: int, line: bytes) -> str | None:
        """The record ``line`` as text, or None, having set it aside."""
        try:  # what `decoded` does, without a call for each line
            text: str | None = line.decode("utf-8")
            self._readable += not line.isascii()
        except UnicodeDecodeError:
            text = self.decoded(number, line)
        if text is None:
            shown = line[: 4 * SHOWN].decode("utf-8", "replace")
            self.set_aside(number, f"no UTF-8: {self._problem}", shown)
        elif len(line) > MAX_LINE:
            self.set_aside(number, f"too long: more than {MAX_LINE} bytes", text)
            return None
        return text

    def decoded(self, number: int, line: bytes) -> str | None:
        """``line`` as text, or None where it is no UTF-8.

        Raises:
            InputError: most lines so far that are more than ASCII are no UTF-8.
        """
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            self._problem = broken_byte(error)
            self._broken += 1
            self._first_broken = self._first_broken if self._first_broken[0] else (number, self._problem)
            if len(self._sample) < 1 << 16:
                self._sample += line[: 1 << 12]
            if self._broken >= 2 * TRIAL and self._broken > self._readable:
                self._refuse_encoding()
            return None
        if not text.isascii():
            self._readable += 1
        return text

    def set_aside(self, number: int, reason: str, text: str = "", malformed: bool = False) -> None:
        """Leave out the record at line ``number``. ``malformed``: it is none of the file's format.

        Raises:
            InputError: most records so far were malformed.
        """
        self.quarantined += 1
        self.reasons[reason.split(":")[0]] += 1
        self._sink(Quarantined(self.name, number, reason, text[:SHOWN]))
        self._first_aside = self._first_aside if self._first_aside[0] else (number, reason)
        if malformed:
            self._malformed += 1
            if self._malformed >= TRIAL and 2 * self._malformed > self.read:
                self._refuse(f"{self._malformed} of {self.read} records like it")

    def set_aside_by_partner(self, reason: str) -> None:
        """Leave out a record that the other file's half of it was set aside for."""
        self.quarantined += 1
        self.reasons[reason] += 1

    def finish(self) -> None:
        """To be called at the end of the file.

        Raises:
            InputError: it has another encoding, no records, or none that could be read.
        """
        if self._broken >= 3 and self._broken > self._readable:
            self._refuse_encoding()
        if not self.read:
            raise InputError(self.path, f"no {self.unit}", "a file with some")
        if not self.kept and not self.unselected and self._first_aside[0]:  # else its partner knows the reason
            self._refuse(f"none of {self.read} {self.unit} that could be kept")
        assert self.read == self.kept + self.quarantined + self.unselected, f"records of {self.path} were lost"

    def _refuse(self, share: str) -> None:
        number, reason = self._first_aside
        raise InputError(self.path, f"{reason}, and {share}", "records of the format it is read as", record=number)

    def _refuse_encoding(self) -> None:
        number, found = self._first_broken
        found = f"{found}, and {self._broken - 1} more lines like it"
        raise InputError(self.path, found, "UTF-8 text", conversion(self.path, probable_encoding(self._sample)), number)
