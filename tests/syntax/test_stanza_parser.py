from __future__ import annotations

import json
from pathlib import Path

import pytest

from crosscap.config.dependency_parser import Training
from crosscap.errors import InputError
from crosscap.syntax.dependency_parser import load_parser
from crosscap.syntax.dependency_training import make_parser
from crosscap.syntax.stanza_parser import StanzaParser, copy_models, write_resources
from crosscap.syntax.tree import problem_of

from .conftest import SETTINGS, TRAINING


def test_stanza_trains_parses_and_is_brought_through_one_path(
    treebanks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    few = Training(**(TRAINING.model_dump() | {"steps": 4}))
    make_parser(treebanks, "en", SETTINGS.model_copy(update={"backend": "stanza", "train": few}), tmp_path / "own")
    scores = json.loads((tmp_path / "own/crosscap.json").read_text())
    assert scores["backend"] == "stanza" and scores["words"] == 66
    sentences = [["The", "MAN", "holds", "a", "kite"], [], ["a b", "."]]
    own = list(load_parser(tmp_path / "own").parse(sentences))
    assert [[word.form for word in tree.words] for tree in own] == sentences
    assert [problem_of(tree.words) for tree in own if tree.words] == [None, None]
    released = {"backend": "stanza", "pretrained": str(tmp_path / "own/stanza")}
    make_parser(treebanks, "en", SETTINGS.model_copy(update=released), tmp_path / "brought")
    lower = [[word.lower() for word in words] for words in sentences]
    brought = list(load_parser(tmp_path / "brought").parse(lower))
    assert [[word[1:] for word in tree.words] for tree in brought] == [[w[1:] for w in tree.words] for tree in own]


def test_a_folder_without_resources_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"resources.json: found no such file"):
        StanzaParser(tmp_path, "en", lowercase=False)


def test_another_language_is_an_error(tmp_path: Path) -> None:
    write_resources(tmp_path, "en", "x")
    with pytest.raises(InputError, match=r"no default package for \['pos', 'lemma', 'depparse'\] in 'de'"):
        copy_models(tmp_path, "de", tmp_path / "out")


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    write_resources(tmp_path, "en", "x")
    with pytest.raises(InputError, match=r"en/pos/x.pt: found no such file, expected a stanza model"):
        copy_models(tmp_path, "en", tmp_path / "out")
