"""SPICE with a stand-in that speaks the jar's protocol: the real one needs half a gigabyte and Java 8."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from crosscap.evaluation import sets, spice
from crosscap.evaluation.sets import Scorers, score_sets
from crosscap.evaluation.spice import ENGLISH_ALONE, NEEDED, OFF, SpiceFailed

References = dict[str, list[list[str]]]
ONE: tuple[References, dict[str, list[str]]] = (
    {"7": [["a", "dog"], ["the", "brown", "dog"], []], "b": [["a", "cat"]]},
    {"7": ["a", "dog"], "b": []},
)
TWO: tuple[References, dict[str, list[str]]] = ({"7": [["a", "dog"], ["a", "man"]]}, {"7": ["a", "man"]})

# F is the share of references that equal the caption; no caption: null, as the jar writes 0/0. Last image first.
STAND_IN = """
    import json, sys
    asked, *options = sys.argv[1:]
    assert options[0] == "-cache" and options[2] == "-out" and options[4:] == ["-subset", "-silent"], options
    answer = []
    for entry in json.load(open(asked, encoding="utf-8"))[::-1]:
        assert set(entry) == {"image_id", "test", "refs"} and all(entry["refs"])
        f = sum(text == entry["test"] for text in entry["refs"]) / len(entry["refs"]) if entry["test"] else None
        scores = {name: {"pr": 1.0, "re": 1.0, "f": f, "fn": 0, "numImages": 1} for name in ("All", "Object")}
        answer.append({"image_id": entry["image_id"], "scores": scores})
    json.dump(answer, open(options[3], "w", encoding="utf-8"))
"""


def program(code: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code)]


def test_all_sets_are_asked_in_one_go_and_get_the_f_of_all_tuples(tmp_path: Path) -> None:
    scores = spice.spice({"one": ONE, "two": TWO}, tmp_path, 20, program(STAND_IN))
    assert scores == {"one": {"7": 0.5, "b": 0.0}, "two": {"7": 0.5}}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import time; time.sleep(60)", r"within 1 s and was stopped"),
        ("import sys; sys.exit('UnsupportedClassVersionError')", r"code 1: UnsupportedClassVersionError.*Java 8"),
        ("print('done')", "answer cannot be read: FileNotFoundError"),
        ("import sys; open(sys.argv[5], 'w').write('{]')", "cannot be read: JSONDecodeError"),
        ("import sys; open(sys.argv[5], 'w').write('[]')", "cannot be read: KeyError 0"),
        (STAND_IN.replace("f = sum", "f = 3 * sum"), "not from 0 to 1"),
        (STAND_IN.replace("else None", "else 'n/a'"), "cannot be read: ValueError"),
    ],
)
def test_a_spice_that_fails_says_how_within_its_time(tmp_path: Path, code: str, reason: str) -> None:
    start = time.monotonic()
    with pytest.raises(SpiceFailed, match=reason):
        spice.spice({"one": ONE}, tmp_path, 1, program(code))
    assert time.monotonic() - start < 20


def test_a_folder_that_lacks_the_parser_is_told_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / NEEDED[0]).touch()
    with pytest.raises(SpiceFailed, match=r"has no lib/stanford-corenlp-3\.6\.0\.jar, no lib/.*-models\.jar"):
        spice.spice({"one": ONE}, tmp_path, 1)


@pytest.mark.parametrize(("language", "reason"), [("en", OFF), ("zh", ENGLISH_ALONE)])
def test_where_spice_cannot_be_asked_it_is_null_with_the_reason_and_the_others_stand(
    language: str, reason: str
) -> None:
    scores = score_sets({"one": ONE}, Scorers("given", language, metrics=("BLEU-1", "ROUGE-L", "SPICE")))["one"]
    assert scores.corpus["SPICE"] is None and scores.missing == {"SPICE": reason}
    assert scores.corpus["ROUGE-L"] == 50


def test_its_mean_stands_beside_the_other_metrics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = spice.spice
    monkeypatch.setattr(sets, "spice", lambda *arguments: real(*arguments, program(STAND_IN)))
    scorers = Scorers("given", "en", spice_folder=tmp_path, metrics=("BLEU-1", "SPICE"))
    scores = score_sets({"one": ONE, "none": ({}, {})}, scorers)
    assert scores["one"].corpus["SPICE"] == 25 and scores["one"].captions["SPICE"] == {"7": 50, "b": 0}
    assert scores["none"].missing["SPICE"] == "there is no caption to score"
    assert scorers.how(ONE[0])["spice"] == "SPICE 1.0 (spice-1.0.jar)"


STAND_IN_JAVA = """
    import java.nio.file.*;
    import java.util.regex.*;
    public class Stand {
        public static void main(String[] words) throws Exception {
            if (!words[1].equals("-cache") || !words[3].equals("-out")) System.exit(2);
            if (!words[5].equals("-subset") || !words[6].equals("-silent")) System.exit(3);
            Matcher ids = Pattern.compile("\\"image_id\\": (\\\\d+)").matcher(Files.readString(Path.of(words[0])));
            StringBuilder answer = new StringBuilder();
            while (ids.find())
                answer.append(answer.length() > 0 ? "," : "").append(String.format(
                    "{\\"image_id\\":%s,\\"scores\\":{\\"All\\":{\\"f\\":%.2f}}}", ids.group(1), 0.25));
            Files.writeString(Path.of(words[4]), "[" + answer + "]");
        }
    }
"""


@pytest.mark.skipif(not (shutil.which("javac") and shutil.which("jar")), reason="no javac to make a jar with")
def test_a_real_jar_in_the_users_folder_is_run_with_its_own_java(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Stand.java").write_text(textwrap.dedent(STAND_IN_JAVA))
    make: Any = {"cwd": tmp_path, "check": True, "capture_output": True}
    subprocess.run(["javac", "Stand.java"], **make)
    subprocess.run(["jar", "cfe", NEEDED[0], "Stand", "Stand.class"], **make)
    (tmp_path / "lib").mkdir()
    for name in NEEDED[1:]:
        (tmp_path / name).touch()
    (tmp_path / "java/bin").mkdir(parents=True)
    (tmp_path / "java/bin/java").symlink_to(shutil.which("java"))  # type: ignore[arg-type]
    monkeypatch.setenv("PATH", "")  # the folder's own Java is meant
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Duser.language=de -Duser.country=DE")
    assert spice.spice({"one": ONE}, tmp_path, 60) == {"one": {"7": 0.25, "b": 0.25}}
