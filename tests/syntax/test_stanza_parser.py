from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from stanza.pipeline.depparse_processor import DepparseProcessor

from crosscap.config.dependency_parser import Training
from crosscap.errors import InputError
from crosscap.incremental.identity import Identity
from crosscap.incremental.results import results
from crosscap.syntax.conllu import conllu_of
from crosscap.syntax.dependency_parser import load_parser
from crosscap.syntax.dependency_training import make_parser
from crosscap.syntax.sentence_copies import SentenceCopy
from crosscap.syntax.sentence_results import parsing
from crosscap.syntax.stanza_parser import StanzaParser, copy_models, write_resources
from crosscap.syntax.tree import Tree, problem_of

from .conftest import SETTINGS, TRAINING


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, treebanks: Path) -> Path:
    """A parser after four updates: its trees are poor, and so near to others that any difference shows."""
    root = tmp_path_factory.mktemp("stanza")
    few = Training(**(TRAINING.model_dump() | {"steps": 4}))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        make_parser(treebanks, "en", SETTINGS.model_copy(update={"backend": "stanza", "train": few}), root / "own")
    return root / "own"


def test_stanza_trains_parses_and_is_brought_through_one_path(own: Path, treebanks: Path, tmp_path: Path) -> None:
    scores = json.loads((own / "crosscap.json").read_text())
    assert scores["backend"] == "stanza" and scores["words"] == 66
    sentences = [["The", "MAN", "holds", "a", "kite", ".", "A", "girl", "sees", "don't"], [], ["a b", "."]]
    trees = list(load_parser(own).parse(sentences))
    assert [[word.form for word in tree.words] for tree in trees] == sentences
    assert [problem_of(tree.words) for tree in trees if tree.words] == [None, None]
    released = {"backend": "stanza", "pretrained": str(own / "stanza")}
    make_parser(treebanks, "en", SETTINGS.model_copy(update=released), tmp_path / "brought")
    lower = [[word.lower() for word in words] for words in sentences]
    brought = list(load_parser(tmp_path / "brought").parse(lower))
    assert [[word[1:] for word in tree.words] for tree in brought] == [[w[1:] for w in tree.words] for tree in trees]


def test_neither_processes_nor_shards_nor_the_company_change_a_tree(
    own: Path, treebank: list[Tree], tmp_path: Path
) -> None:
    forms = [[word.form for word in tree.words] for tree in treebank]
    copies = [SentenceCopy(f"pair-{n}/0", [*forms[n % len(forms)][: 2 + n % 6], f"x{n}é"]) for n in range(100)]
    parser = load_parser(own)
    expected = [conllu_of(next(parser.parse([copy.words]))) for copy in copies]
    for name, size, processes in (("small", 20, 1), ("large", 500, 1), ("together", 20, 2)):
        work = replace(parsing(own, Identity()), shard_size=size, cache=tmp_path / name)
        assert [value.decode() for value in results(copies, work, processes)] == expected, name


def test_labels_that_are_not_universal_are_refused(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DepparseProcessor, "get_known_relations", lambda self: ["root", "nsubj", "SUBJ:x"])
    with pytest.raises(InputError, match=r"the dependency labels \['SUBJ:x'\], expected Universal Dependencies"):
        load_parser(own)


def test_a_damaged_model_is_an_error(own: Path, tmp_path: Path) -> None:
    shutil.copytree(own, tmp_path / "damaged")
    file = tmp_path / "damaged/stanza/en/depparse/crosscap.pt"
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(InputError, match="expected models that stanza loads"):
        load_parser(tmp_path / "damaged")
    file.write_bytes(b"no model")
    with pytest.raises(InputError, match="expected models that stanza loads"):
        load_parser(tmp_path / "damaged")


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
