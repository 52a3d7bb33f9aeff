"""SPICE 1.0 (Anderson et al. 2016) through its jar, where a user prepared a folder for it; see docs/evaluation.md.

It reads English alone, needs Java 8 and Stanford's parser, which pip does not bring, and takes minutes. So it is off
unless asked for; null and a reason stand in its place, never a zero.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crosscap.evaluation.java import JavaFailed, JavaMissing, java_command, run_java

JAR = "spice-1.0.jar"
NEEDED = (JAR, "lib/stanford-corenlp-3.6.0.jar", "lib/stanford-corenlp-3.6.0-models.jar")
OWN_JAVA = "java/bin/java"
HOW = "SPICE 1.0 (spice-1.0.jar)"
OFF = "off: evaluation.spice (--spice) names no folder with its jars; docs/evaluation.md says what to install"
ENGLISH_ALONE = "SPICE reads English alone"

References = Mapping[str, Sequence[Sequence[str]]]
Hypotheses = Mapping[str, Sequence[str]]


class SpiceFailed(Exception):
    """There is no SPICE, or it failed; the message tells why."""


def spice(
    sets: Mapping[str, tuple[References, Hypotheses]],
    folder: Path,
    timeout: float,
    command: Sequence[str] | None = None,
) -> dict[str, dict[str, float]]:
    """SPICE's F of each caption of each set, in [0, 1], by one process: its parser takes half a minute to load.

    Args:
        sets: name → (caption id → references as words, caption id → words).
        folder: holds `NEEDED`, and maybe a Java 8 as ``java/``; else the usual Java is taken.
        timeout: seconds for all sets together.
        command: for tests, a program in place of ``java -jar spice-1.0.jar``.

    Raises:
        SpiceFailed: something is not there, the program failed or took too long, or its answer is not complete.
    """
    places = [(name, key) for name, (_, hypotheses) in sets.items() for key in hypotheses]
    if not places:
        raise SpiceFailed("there is no caption to score")
    questions = [
        {
            "image_id": number,
            "test": " ".join(sets[name][1][key]),
            "refs": [" ".join(words) for words in sets[name][0][key] if words],
        }
        for number, (name, key) in enumerate(places)
    ]
    # The jar keeps parsed captions in its cache, so those that sets share are parsed once.
    with tempfile.TemporaryDirectory(prefix="spice") as scratch:
        asked, answered, cache = (Path(scratch) / name for name in ("captions.json", "scores.json", "cache"))
        cache.mkdir()
        asked.write_text(json.dumps(questions), encoding="utf-8")
        program = list(command) if command else [_java(folder), "-Xmx8G", "-jar", JAR]
        options = [str(asked), "-cache", str(cache), "-out", str(answered), "-subset", "-silent"]
        try:
            run_java([*program, *options], folder, timeout)
        except JavaMissing as error:
            raise SpiceFailed(str(error)) from None
        except JavaFailed as error:
            raise SpiceFailed(f"SPICE {error} (it needs Java 8; one may lie in {folder / 'java'})") from None
        values = _answers(answered, len(places))
    scores: dict[str, dict[str, float]] = {name: {} for name in sets}
    for (name, key), value in zip(places, values, strict=True):
        scores[name][key] = value
    return scores


def _java(folder: Path) -> str:
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise SpiceFailed(f"{folder} has no {', no '.join(missing)}; docs/evaluation.md says what to install")
    own = folder / OWN_JAVA
    return str(own.resolve()) if os.access(own, os.X_OK) else java_command()


def _answers(path: Path, count: int) -> list[float]:
    """F of the captions 0 to ``count`` - 1, from ``[{"image_id", "scores": {"All": {"f"}}}]`` in any order."""
    try:
        entries: Any = json.loads(path.read_text(encoding="utf-8"))
        found = {entry["image_id"]: entry["scores"]["All"]["f"] for entry in entries}
        # No tuples on either side: 0/0, which the jar writes as null or NaN. Nothing is found, so nothing is scored.
        values = [_number(found[number]) for number in range(count)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SpiceFailed(f"SPICE's answer cannot be read: {type(error).__name__} {error}") from None
    if not all(0 <= value <= 1 for value in values):
        raise SpiceFailed("SPICE's answer has scores that are not from 0 to 1")
    return values


def _number(value: Any) -> float:
    number = 0.0 if value is None else float(value)
    return 0.0 if math.isnan(number) else number
