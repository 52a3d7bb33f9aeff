from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from crosscap.collection.manifest import Manifest
from crosscap.collection.text_files import collect_lexicons
from crosscap.config.collect import Files, LexiconFile


@pytest.mark.parametrize(
    ("layout", "test", "text", "expected"),
    [
        ("source target", 0.0, "Dog 狗\n", "dog\t狗\ttrain\n"),
        ("target @ source", 1.0, "狗 @ dog\n", "dog\t狗\ttest\n"),
        ("cc-cedict", 0.0, "貓 猫 [mao1] /cat/\n", "cat\t猫\ttrain\n"),
        ("cc-cedict traditional", 0.0, "貓 猫 [mao1] /cat/\n", "cat\t貓\ttrain\n"),
        ("source target part", None, "dog\t狗\ttest\ncat\t猫\ttrain\n", "dog\t狗\ttest\ncat\t猫\ttrain\n"),
    ],
)
def test_every_layout_becomes_the_word_list(
    tmp_path: Path, layout: Any, test: float | None, text: str, expected: str
) -> None:
    (tmp_path / "words").write_text(text, encoding="utf-8")
    given = LexiconFile(path=str(tmp_path / "words"), layout=layout, licence="free", test=test)
    (tmp_path / "raw/lexicon").mkdir(parents=True)
    with Manifest(tmp_path / "raw", "files") as manifest:
        collect_lexicons(Files(parallel=(), lexicon={"zh": given}), ["zh", "de"], manifest)
    assert (tmp_path / "raw/lexicon/zh.tsv").read_text(encoding="utf-8") == expected
    assert (tmp_path / "raw/lexicon/de.tsv").read_text() == ""
    assert manifest.inputs[0]["read"] == expected.count("\n")


@pytest.mark.parametrize(("layout", "test"), [("source target part", 0.2), ("cc-cedict", None)])
def test_what_is_test_is_said_once(layout: Any, test: float | None) -> None:
    with pytest.raises(ValidationError, match="a share, but none with layout `source target part`"):
        LexiconFile(path="words", layout=layout, licence="free", test=test)
