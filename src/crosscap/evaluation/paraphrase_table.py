"""METEOR's table of English paraphrases, cut by a process of its own to the entries that can match given captions.

METEOR 1.5 takes half of its time to load five million entries, of which 30,000 captions need less than a hundredth. The
table is lines in threes: a probability (which METEOR does not use), a phrase, its paraphrase. METEOR looks for
both phrases among the neighbouring words of a caption and a reference, whichever has which, so an entry is left out
only if it cannot matter: one of its phrases is plain (up to seven words of a-z and 0-9) and stands in no text.

Which words a text has is up to METEOR's normalisation (``-norm``, class Normalizer of its jar): it inserts spaces
around other characters and removes some of these, and the one thing that it joins are letters with single dots between
them (u.s. becomes us). So its plain words, in lowercase text, are among those that `phrases` finds: what is between
any other characters than a-z, 0-9 and single dots, without the dots.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import threading
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

WORDS = 7  # of the longest phrase of the table; longer ones would stay in it
BLOCK = 1 << 20


def phrases(texts: Iterable[str]) -> set[bytes]:
    """All that a plain phrase of the table could match in ``texts``, which are in lowercase."""
    found: set[bytes] = set()
    for text in texts:
        words = re.findall("[a-z0-9]+", re.sub(r"\.\.+", " ", text).replace(".", ""))
        line = " ".join(words).encode()
        starts, end = [], -1
        for word in words:
            starts.append(end + 1)
            end += 1 + len(word)
            found.update([line[start:end] for start in starts[-WORDS:]])
    return found


def entries(blocks: Iterable[bytes], known: set[bytes]) -> Iterator[bytes]:
    """The table's entries of which each phrase is ``known`` or not plain, of its text in pieces."""
    lines: list[bytes] = []
    rest = last = b""
    possible = False
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        lines += whole
        firsts, seconds = lines[1::3], lines[2::3]
        for first, second in zip(firsts, seconds, strict=False):
            if first != last:  # many entries of one phrase follow each other
                last, possible = first, first in known or not _plain(first)
            if possible and (second in known or not _plain(second)):
                yield b"0\n%b\n%b\n" % (first, second)
        del lines[: 3 * len(seconds)]


def _plain(phrase: bytes) -> bool:
    return phrase.replace(b" ", b"", WORDS - 1).isalnum()


class CutTable:
    """The cut table, as a pipe that METEOR reads. Unpacking begins at once, before the captions are known."""

    def __init__(self, table: Path) -> None:
        # This file as a program, with nothing but the standard library.
        command = [sys.executable, "-I", "-S", __file__, str(table)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def cut(self, texts: Iterable[str]) -> None:
        """Say, once, what texts METEOR will be asked about, in lowercase."""

        def write() -> None:
            with suppress(BrokenPipeError, ValueError), self._process.stdin as stream:  # type: ignore[union-attr]
                stream.write("\n".join(texts).encode("utf-8", "replace"))

        threading.Thread(target=write, daemon=True).start()

    def fileno(self) -> int:
        """The end of the pipe that METEOR reads."""
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def given_away(self) -> None:
        """METEOR has the pipe: if METEOR ends, this ends too."""
        assert self._process.stdout is not None
        self._process.stdout.close()

    def complete(self) -> bool:
        """Whether METEOR, which has read to the end, got all: it makes do with what came until this process died."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        return self._process.returncode == 0

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                stream.close()  # type: ignore[union-attr]

    def __enter__(self) -> CutTable:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _unpacked(path: str) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=31)
    with open(path, "rb") as file:
        while packed := file.read(BLOCK >> 2):
            yield unpack.decompress(packed)


def main() -> None:
    blocks = deque(_unpacked(sys.argv[1]))
    known = phrases(sys.stdin.buffer.read().decode().split("\n"))
    # What was looked at is let go: memory falls as the table goes by.
    passing = (blocks.popleft() for _ in range(len(blocks)))
    with gzip.open(sys.stdout.buffer, "wb", 1) as out:
        out.writelines(entries(passing, known))


if __name__ == "__main__":
    main()
