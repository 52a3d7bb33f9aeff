"""METEOR 1.5 in a child process that cannot hang us: pycocoevalcap's jar, started once, asked many times.

The command line is pycocoevalcap's own (``-l en -norm``), so that scores compare with published ones. For Chinese
this means that METEOR splits words into characters and matches them exactly (docs of the metric: language "en").
"""

from __future__ import annotations

import gzip
import subprocess
import tempfile
import threading
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType

from crosscap.evaluation.java import java_command, java_environment

HOW = "METEOR 1.5 (pycocoevalcap) -l en -norm"


class MeteorFailed(Exception):
    """METEOR died, answered nonsense or took too long; the message says which."""


def paraphrases_matter(texts: Iterable[str]) -> bool:
    """Whether METEOR's table of English paraphrases could match a word of ``texts``.

    False where all is written in letters without case (Chinese, Japanese, Thai, ...): no line of the table has one.
    """
    return any(not letter.isspace() and unicodedata.category(letter) != "Lo" for text in texts for letter in text)


class Meteor:
    """One METEOR process. It loads its paraphrase table (8 s of processor time) while the caller does other work.

    Args:
        timeout: seconds to wait for an answer before the process is killed.
        paraphrases: False: start without the table, which takes 0.7 s; the scores are the same for texts of which
            `paraphrases_matter` says no.
        command: for tests, a program that speaks METEOR's ``-stdio`` language.

    Raises:
        JavaMissing: there is no Java.
    """

    def __init__(self, timeout: float = 600.0, command: Sequence[str] | None = None, paraphrases: bool = True) -> None:
        self.timeout = timeout
        folder = _jar_folder()
        java = list(command) if command else [java_command(), "-Xmx2G", "-jar", "meteor-1.5.jar"]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._no_table = tempfile.NamedTemporaryFile(suffix=".gz")  # noqa: SIM115 - likewise
        self._no_table.write(gzip.compress(b""))
        self._no_table.flush()
        table = [] if paraphrases else ["-a", self._no_table.name]
        self._process = subprocess.Popen(
            [*java, "-", "-", "-stdio", "-l", "en", "-norm", *table],
            cwd=folder,
            env=java_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
        )
        self._lines: Queue[str | None] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def scores(
        self, references: Mapping[str, Sequence[str]], hypotheses: Mapping[str, str]
    ) -> tuple[float, dict[str, float]]:
        """Corpus score and score per caption, in [0, 1]; both mappings have the same keys.

        Raises:
            MeteorFailed: the process died, gave no number, or took longer than ``timeout`` seconds.
        """
        if not hypotheses:
            raise MeteorFailed("no caption to score")
        until = time.monotonic() + self.timeout
        keys = list(hypotheses)
        self._send(_score_line(hypotheses[key], references[key]) for key in keys)
        statistics = [self._receive(until) for _ in keys]
        for key, line in zip(keys, statistics, strict=True):
            if line.startswith("Error"):
                raise MeteorFailed(f"METEOR on caption {key!r}: {line}")
        self._send([" ||| ".join(["EVAL", *statistics])])
        numbers = [self._receive(until) for _ in range(len(keys) + 1)]
        try:
            *single, corpus = map(float, numbers)
        except ValueError:
            raise MeteorFailed(f"METEOR answered {numbers[0]!r} instead of a number") from None
        return corpus, dict(zip(keys, single, strict=True))

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._errors.close()
        self._no_table.close()

    def __enter__(self) -> Meteor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                self._lines.put(line.strip())
        except ValueError:  # closed while reading
            pass
        self._lines.put(None)

    def _send(self, lines: Iterable[str]) -> None:
        """Write from a thread: METEOR answers while we still ask, and both pipes are finite."""

        def write() -> None:
            stream = self._process.stdin
            assert stream is not None
            try:
                for line in lines:
                    stream.write(line + "\n")
                stream.flush()
            except (BrokenPipeError, OSError, ValueError):
                pass  # the reader notices that the process ended

        threading.Thread(target=write, daemon=True).start()

    def _receive(self, until: float) -> str:
        try:
            line = self._lines.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            self._process.kill()
            raise MeteorFailed(f"METEOR gave no answer within {self.timeout:g} s and was stopped") from None
        if line is None:
            self._lines.put(None)
            raise MeteorFailed(f"METEOR ended early: {self._last_error()}")
        return line

    def _last_error(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").splitlines()
        lines = [line.strip() for line in lines if line.strip() and "JAVA_TOOL_OPTIONS" not in line]
        return lines[-1] if lines else "no message"


def _jar_folder() -> Path:
    import pycocoevalcap.meteor.meteor as module

    return Path(module.__file__).parent


def _score_line(hypothesis: str, references: Sequence[str]) -> str:
    """METEOR's question. A caption's own ``|||`` or line break would be read as one of the protocol's."""
    return " ||| ".join(["SCORE", *map(_plain, references), _plain(hypothesis)])


def _plain(text: str) -> str:
    return " ".join(text.replace("|||", " ").split())
