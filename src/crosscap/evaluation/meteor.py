"""METEOR 1.5 in a child process that cannot hang us: pycocoevalcap's jar, started once, asked many times.

The command line is pycocoevalcap's own (``-l en -norm``), so that scores compare with published ones. For Chinese
this means that METEOR splits words into characters and matches them exactly (docs of the metric: language "en").
"""

from __future__ import annotations

import gzip
import io
import math
import subprocess
import tempfile
import threading
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType

from crosscap.evaluation.java import SHORT_LIVED, java_command, kill_java, last_words, start_java
from crosscap.evaluation.paraphrase_table import CutTable

HOW = "METEOR 1.5 (pycocoevalcap) -l en -norm"


class MeteorFailed(Exception):
    """METEOR died, answered nonsense or took too long; the message says which."""


def paraphrases_matter(texts: Iterable[str]) -> bool:
    """Whether METEOR's table of English paraphrases could match a word of ``texts``.

    False where all is written in letters without case (Chinese, Japanese, Thai, ...): no line of the table has one.
    """
    return any(not letter.isspace() and unicodedata.category(letter) != "Lo" for text in texts for letter in text)


def cut_table() -> CutTable:
    """A process that cuts METEOR's table; what it gives is the ``paraphrases`` of one `Meteor`."""
    return CutTable(meteor_folder() / "data/paraphrase-en.gz")


@dataclass(frozen=True)
class MeteorScores:
    """Scores in [0, 1] of a set and of each caption, and the numbers of each caption that the corpus score sums up."""

    corpus: float
    captions: dict[str, float]
    statistics: dict[str, list[float]]


class Meteor:
    """One METEOR process, which starts while the caller does other work.

    What it was asked once it is not asked again: two sets often share captions.

    Args:
        timeout: seconds to wait for the answers to one set before the process is killed.
        paraphrases: METEOR's table of them. True: the whole one, which takes 8 s of processor time to load; False:
            none, the same for texts of which `paraphrases_matter` says no; or the table cut to the texts that will be
            asked about, the same for these.
        command: for tests, a program that speaks METEOR's ``-stdio`` language.

    Raises:
        JavaMissing: there is no Java, or it cannot be started.
    """

    def __init__(
        self,
        timeout: float = 600.0,
        command: Sequence[str] | None = None,
        paraphrases: bool | CutTable = True,
    ) -> None:
        self.timeout = timeout
        self._failure: MeteorFailed | None = None
        self._statistics: dict[str, str] = {}
        java = list(command) if command else [java_command(), "-Xmx2G", *SHORT_LIVED, "-jar", "meteor-1.5.jar"]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        self._no_table = tempfile.NamedTemporaryFile(suffix=".gz")  # noqa: SIM115 - likewise
        self._no_table.write(gzip.compress(b""))
        self._no_table.flush()
        self._cut = paraphrases if isinstance(paraphrases, CutTable) else None
        pipes = [self._cut.fileno()] if self._cut else []
        table = [f"/dev/fd/{pipes[0]}"] if pipes else [] if paraphrases else [self._no_table.name]
        command = [*java, "-", "-", "-stdio", "-l", "en", "-norm", *(["-a", *table] if table else [])]
        self._process = start_java(command, meteor_folder(), self._errors.fileno(), pipes)
        if self._cut:
            self._cut.given_away()
        # A bounded queue: a program that prints without end must not fill the memory.
        self._lines: Queue[str | None] = Queue(1000)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def scores(self, references: Mapping[str, Sequence[str]], hypotheses: Mapping[str, str]) -> MeteorScores:
        """Scores of captions; both mappings have the same keys.

        Raises:
            MeteorFailed: the process died, gave no number, or took longer than ``timeout`` seconds. It is ended, and
                every later call fails for the same reason.
        """
        if not hypotheses:
            raise MeteorFailed("no caption to score")
        if self._failure:
            raise self._failure
        try:
            return self._ask(references, hypotheses)
        except MeteorFailed as error:
            self._failure = error
            kill_java(self._process)
            raise

    def close(self) -> None:
        """End the process."""
        kill_java(self._process)
        while self._listener.is_alive():  # it may wait for room in the queue
            self._drain()
            self._listener.join(0.01)
        self._errors.close()
        self._no_table.close()

    def __enter__(self) -> Meteor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, references: Mapping[str, Sequence[str]], hypotheses: Mapping[str, str]) -> MeteorScores:
        until = time.monotonic() + self.timeout
        questions = {key: _score_line(text, references[key]) for key, text in hypotheses.items()}
        new = [question for question in dict.fromkeys(questions.values()) if question not in self._statistics]
        self._send(new)
        for question in new:
            line = self._receive(until)
            _numbers(line, 2)  # several, or it is no answer to SCORE
            self._statistics[question] = line
        if self._cut and not self._cut.complete():
            raise MeteorFailed("METEOR's table of paraphrases was cut off: the process that cuts it died")
        answers = {key: self._statistics[question] for key, question in questions.items()}
        self._send([" ||| ".join(["EVAL", *answers.values()])])
        *single, corpus = (_numbers(self._receive(until))[0] for _ in range(len(answers) + 1))
        statistics = {key: _numbers(line) for key, line in answers.items()}
        return MeteorScores(corpus, dict(zip(answers, single, strict=True)), statistics)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with io.TextIOWrapper(self._process.stdout, "utf-8", "replace") as answers:
            for line in answers:
                self._lines.put(line.strip())
        self._lines.put(None)

    def _send(self, lines: Iterable[str]) -> None:
        """Write from a thread: METEOR answers while we still ask, and both pipes are finite."""

        def write() -> None:
            stream = self._process.stdin
            assert stream is not None
            try:
                for line in lines:
                    stream.write(line.encode("utf-8", "replace") + b"\n")
                stream.flush()
            except (BrokenPipeError, OSError, ValueError):
                pass  # the reader notices that the process ended

        threading.Thread(target=write, daemon=True).start()

    def _receive(self, until: float) -> str:
        try:
            line = self._lines.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            raise MeteorFailed(f"METEOR gave no answer within {self.timeout:g} s and was stopped") from None
        if line is None:
            # Its output is closed; a moment later it is gone, or what closed it is not the whole program.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            code = self._process.returncode
            how = "" if code is None else f" (signal {-code})" if code < 0 else f" (code {code})"
            self._errors.seek(0)
            raise MeteorFailed(f"METEOR ended early{how}: {last_words(self._errors.read())}")
        return line

    def _drain(self) -> None:
        while True:
            try:
                self._lines.get_nowait()
            except Empty:
                return


def _numbers(line: str, least: int = 1) -> list[float]:
    """The numbers of an answer.

    Raises:
        MeteorFailed: not ``least`` finite numbers.
    """
    try:
        numbers = [float(word) for word in line.split()]
    except ValueError:
        numbers = []
    if len(numbers) < least or not all(map(math.isfinite, numbers)):
        raise MeteorFailed(f"METEOR answered {line[:200]!r} instead of numbers")
    return numbers


def meteor_folder() -> Path:
    """Where the jar is, and its table of paraphrases as data/paraphrase-en.gz."""
    import pycocoevalcap.meteor.meteor as module

    return Path(module.__file__).parent


def _score_line(hypothesis: str, references: Sequence[str]) -> str:
    """METEOR's question. A caption's own ``|||`` or line break would be read as one of the protocol's."""
    return " ||| ".join(["SCORE", *map(_plain, references), _plain(hypothesis)])


def _plain(text: str) -> str:
    return " ".join(text.replace("|||", " ").split())
