"""What became of the records of an annotation file: by kind, read = kept + quarantined + unselected."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscap.errors import InputError, printable
from crosscap.text.json_stream import JsonStream
from crosscap.text.lines import read_text_blocks
from crosscap.text.source_file import SHOWN, TRIAL, Quarantined

IMAGES, OBJECTS, ATTRIBUTES, RELATIONS = KINDS = ("images", "objects", "attributes", "relations")


@dataclass
class Counts:
    """Records of one kind in one file; ``reasons`` of those that were set aside."""

    read: int = 0
    kept: int = 0
    quarantined: int = 0
    unselected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


class AnnotationFile:
    """One file of annotations while it is read. ``counts`` has an entry a kind that it holds."""

    def __init__(self, path: str | Path, sink: Callable[[Quarantined], None]) -> None:
        self.path = Path(path)
        self.counts: defaultdict[str, Counts] = defaultdict(Counts)
        self._sink, self._digest = sink, hashlib.sha256()
        self._malformed = 0
        self._first = (0, "")

    @property
    def sha256(self) -> str:
        """Of the file's bytes, compressed as they are; true once it was read to its end."""
        return self._digest.hexdigest()

    def json(self) -> JsonStream:
        """The file as JSON that is read piece by piece, from its start."""
        self._digest = hashlib.sha256()
        return JsonStream(self.path, lambda place: read_text_blocks(self.path, self._digest, place))

    def json_value(self) -> Any:
        """The whole file, which must be small, as one JSON value."""
        stream = self.json()
        value = stream.value()
        stream.end()
        return value

    def lines(self) -> Iterator[str]:
        """The lines of a small text file."""
        self._digest = hashlib.sha256()
        text = b"".join(read_text_blocks(self.path, self._digest, lambda: 1))
        try:
            yield from text.decode().splitlines()
        except UnicodeDecodeError as error:
            raise InputError(self.path, f"byte {text[error.start]:#04x} at {error.start}", "UTF-8 text") from None

    def hash_whole(self) -> None:
        """Sum a file that another library reads."""
        with open(self.path, "rb") as stream:
            self._digest = hashlib.file_digest(stream, "sha256")

    def checked(self, kind: str, count: int) -> None:
        """Enter records each of which must be right, such as names: they were all read and kept."""
        self.reads(kind, count)
        self.keeps(kind, count)

    def reads(self, kind: str, count: int = 1) -> None:
        self.counts[kind].read += count

    def keeps(self, kind: str, count: int = 1) -> None:
        self.counts[kind].kept += count

    def passes(self, kind: str, count: int = 1) -> None:
        """Records that were not asked for."""
        self.counts[kind].unselected += count

    def loses(self, kind: str, count: int, reason: str) -> None:
        """Records that go with the record they belong to, which stands in the quarantine."""
        if count:
            self.counts[kind].quarantined += count
            self.counts[kind].reasons[reason] += count

    def set_aside(
        self, kind: str, number: int, reason: str, record: Any = "", malformed: bool = False, culprit: str = ""
    ) -> None:
        """Leave out a record of the file's entry ``number``.

        Args:
            malformed: it is none of the file's layout.
            culprit: another file, whose fault it is.

        Raises:
            InputError: most records of the kind so far were malformed.
        """
        counts = self.counts[kind]
        counts.quarantined += 1
        counts.reasons[reason.split(":")[0]] += 1
        text = record if isinstance(record, str) else _shown(record)
        place = (culprit, 1) if culprit else (self.path.name, number)
        self._sink(Quarantined(*place, printable(reason[:SHOWN]), printable(text[:SHOWN])))
        self._first = self._first if self._first[0] else (number, reason)
        if malformed:
            self._malformed += 1
            if self._malformed >= TRIAL and 2 * self._malformed > counts.read:
                self._refuse(f"{self._malformed} of {counts.read} {kind} like it")

    def finish(self) -> None:
        """To be called at the end.

        Raises:
            InputError: the file has images and none could be kept.
        """
        for kind, counts in self.counts.items():
            whole = counts.read == counts.kept + counts.quarantined + counts.unselected
            assert whole, f"{kind} of {self.path} were lost: {counts}"
        images = self.counts.get(IMAGES)
        if images and images.quarantined and not images.kept and not images.unselected:
            self._refuse(f"none of {images.read} images that could be kept")

    def _refuse(self, share: str) -> None:
        number, reason = self._first
        expected = "records of the layout it is read as"
        raise InputError(self.path, f"{printable(reason)}, and {share}", expected, record=f"entry {number}")


def _shown(record: Any) -> str:
    try:
        return json.dumps(record, ensure_ascii=False, default=str)
    except RecursionError:  # as deep as can be read is deeper than can be written from here
        return "nested too deeply to be shown"
